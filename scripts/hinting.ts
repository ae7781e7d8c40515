/** Chooses the next hint, for `npm run hint` and for the key h of `npm run watch`. */
import { course, findStage, type Milestone, programPath, type Stage, stageOf } from '../checkers/course/course.ts';
import { findMilestone } from '../checkers/course/find.ts';
import { type FoundHint, findHint, findTodoHint, HINT_LEVELS } from '../checkers/explain/hints.ts';
import type { Check } from '../checkers/harness/check.ts';
import { type LastFailure, nextHintLevel, readFailures } from '../checkers/progress/last-failure.ts';
import { currentStage, nextOpen, readProgress } from '../checkers/progress/progress.ts';
import { hintLines } from '../checkers/report/hint.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { noSuchCheck, noSuchMilestone } from './choosing.ts';
import { WordsError } from './command-line.ts';

/** A hint, what it is about, and where to read on. */
interface Found extends FoundHint {
  about: string;
  doc: string;
  stage: Stage;
}

/** The source of the request, which decides the next steps: in the watcher a person presses keys. */
export interface Asking {
  /** what to do for the next level: 'type npm run hint again' */
  more: string;
  /** milestone that is being watched, which a hint without a word is then about */
  watched?: Milestone;
}

/**
 * The next level of a hint, as lines.
 *
 * @param word a check's number or name, a TODO, or a milestone; undefined: the check that failed last on the stage that
 * the learner is on
 * @throws WordsError when there is no such check
 */
export function nextLines(word: string | undefined, { more, watched }: Asking, columns: number | undefined): string[] {
  const about = watched ?? (word === undefined ? undefined : findMilestone(word));
  const found = word === undefined || about !== undefined ? ofFailure(failureIn(about)) : ofWord(word);
  if (found === undefined) return wrap(whatToDo(about, watched !== undefined), width(columns));
  const { key, hint, doc, stage } = found;
  const level = nextHintLevel(key, HINT_LEVELS);
  const solution = fromRoot(programPath(stage, 'solutions'));
  return hintLines({ about: found.about, hint, level, doc, solution, more }, columns);
}

/** What failed last in this milestone, or else on the stage that the learner is on. */
function failureIn(milestone: Milestone | undefined): LastFailure | undefined {
  const ids = milestone === undefined ? idsHere() : [milestone.id];
  return readFailures().find((failure) => ids.includes(failure.milestone));
}

function idsHere(): string[] {
  return findStage(currentStage())?.milestones.map(({ id }) => id) ?? [];
}

/** The message when no hint applies: the reason, and what to do next. */
function whatToDo(about: Milestone | undefined, watched: boolean): string {
  const { green } = readProgress();
  if (about !== undefined && green[about.id] === undefined) {
    return watched
      ? `No check of milestone ${about.id} has failed yet, so there is nothing to help with. Press r to run its checks.`
      : `No check of milestone ${about.id} has failed yet, so there is nothing to help with. Type first: npm run milestone ${about.id}`;
  }
  if (about !== undefined) return isGreenNoHint(about.id, watched ? 'Next: press n.' : afterGreen(about));
  const stage = findStage(currentStage());
  const next = likelyMilestone();
  if (stage === undefined || next === undefined) throw new Error('a stage without milestones');
  if (green[next.id] !== undefined)
    return `All milestones of stage ${stage.number} are green: there is nothing to help with. ${afterGreen(next)}`;
  const done = stage.milestones.findLast(({ id }) => green[id] !== undefined);
  if (done !== undefined) return isGreenNoHint(done.id, `Next: npm run milestone ${next.id}`);
  return noCheckOfStage(stage.number, stage.role, next.id, readFailures()[0]?.milestone);
}

/** What to type after a milestone that is green. */
function afterGreen(milestone: Milestone): string {
  const next = nextOpen(milestone);
  if (next === undefined) return 'That was the last milestone. Try your proxy in a browser: npm run proxy';
  const stage = stageOf(next);
  return `Next: ${stage === stageOf(milestone) ? `npm run milestone ${next.id}` : `npm run stage ${stage.number}`}`;
}

/** The first milestone of the current stage that was not green yet, else its last. */
function likelyMilestone(): Milestone | undefined {
  const milestones = findStage(currentStage())?.milestones ?? [];
  const { green } = readProgress();
  return milestones.find(({ id }) => green[id] === undefined) ?? milestones.at(-1);
}

function ofFailure(failure: LastFailure | undefined): Found | undefined {
  if (failure === undefined) return undefined;
  const milestone = findMilestone(failure.milestone);
  const check = milestone?.checks.find(({ id }) => id === failure.check);
  if (milestone === undefined || check === undefined) return undefined;
  return ofCheck(milestone, check, failure);
}

function ofCheck(milestone: Milestone, check: Check, failure?: LastFailure): Found | undefined {
  const found = findHint({ ...failure, milestone: milestone.id, check: check.id });
  if (found === undefined) return undefined;
  const stage = stageOf(milestone);
  const number = milestone.checks.indexOf(check) + 1;
  const { todo } = failure ?? {};
  const isTodo = todo !== undefined && found.key === findTodoHint(todo)?.key;
  const about = isTodo ? aboutTodo(todo, stage) : `check ${number} of milestone ${milestone.id}, ${check.id}`;
  return { ...found, about, doc: failure?.doc ?? `${stage.doc}#${check.doc}`, stage };
}

function ofWord(word: string): Found | undefined {
  if (/^\d+\.\d+\.\d+$/.test(word)) return ofTodo(word);
  if (/^\d+\.\d+$/.test(word)) throw noSuchMilestone(word);
  const failure = failureIn(undefined);
  const milestone = (failure && findMilestone(failure.milestone)) ?? likelyMilestone();
  if (milestone === undefined) return undefined;
  const known = [milestone, ...stageOf(milestone).milestones];
  const owner = known.find(({ checks }) => checks.some(({ id }) => id === word)) ?? milestone;
  const check = /^\d+$/.test(word) ? milestone.checks[Number(word) - 1] : owner.checks.find(({ id }) => id === word);
  if (check === undefined) {
    const ids = known.flatMap(({ checks }) => checks.map(({ id }) => id));
    throw noSuchCheck(word, milestone, ids);
  }
  const same = failure?.milestone === owner.id && failure.check === check.id;
  return ofCheck(owner, check, same ? failure : undefined);
}

function ofTodo(todo: string): Found {
  const found = findTodoHint(todo);
  const stage = course.find(({ todos }) => Object.values(todos).includes(todo));
  if (found === undefined || stage === undefined) throw noSuchTodo(todo);
  const name = functionOf(todo, stage);
  const section = stage.sections?.[name] ?? name.toLowerCase();
  return { ...found, about: aboutTodo(todo, stage), doc: `${stage.doc}#${section}`, stage };
}

function noSuchTodo(todo: string): WordsError {
  const milestone = todo.replace(/\.\d+$/, '');
  if (findMilestone(milestone) === undefined) return noSuchMilestone(milestone);
  const all = course.flatMap(({ todos }) => Object.values(todos)).filter((other) => other.startsWith(`${milestone}.`));
  const others = all.length === 0 ? '' : ` Milestone ${milestone} has: ${[...new Set(all)].join(', ')}.`;
  return new WordsError(`There is no TODO ${todo}.${others}`);
}

function aboutTodo(todo: string, stage: Stage): string {
  return `TODO ${todo}, ${functionOf(todo, stage)}`;
}

function functionOf(todo: string, { todos }: Stage): string {
  return Object.keys(todos).find((name) => todos[name] === todo) ?? 'the program';
}

function isGreenNoHint(id: string, next: string): string {
  return `Milestone ${id} is green: there is nothing to help with. ${next}`;
}

function noCheckOfStage(stage: number, role: string, next: string, elsewhere: undefined | string): string {
  const other =
    elsewhere === undefined ? '' : ` (For what failed last in milestone ${elsewhere}: npm run hint ${elsewhere})`;
  return `No check of your ${role} of stage ${stage} has failed yet, so there is nothing to help with. Type first: npm run milestone ${next}${other}`;
}
