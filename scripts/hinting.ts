/** Choosing the next hint, for `npm run hint` and for the key h of `npm run watch`. */
import type { Check } from '../checkers/check.ts';
import { course, findStage, type Milestone, programPath, type Stage, stageOf } from '../checkers/course/course.ts';
import { findMilestone } from '../checkers/course/find.ts';
import { type LastFailure, nextHintLevel, readLastFailure } from '../checkers/course/last-failure.ts';
import { currentStage, readProgress } from '../checkers/course/progress.ts';
import { type FoundHint, findHint, findTodoHint, HINT_LEVELS } from '../checkers/explain/hints.ts';
import { text } from '../checkers/messages/index.ts';
import { hintLines } from '../checkers/report/hint.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { noSuchCheck, noSuchMilestone } from './choosing.ts';
import { WordsError } from './words.ts';

/** A hint, what it is about, and where to read on. */
interface Found extends FoundHint {
  about: string;
  doc: string;
  stage: Stage;
}

/**
 * The next level of a hint, as lines.
 *
 * @param word a check's number or name, or a TODO; undefined: the check that failed last
 * @param more what to do for the level after this one
 * @throws WordsError when there is no such check
 */
export function nextLines(word: string | undefined, more: string, columns: number | undefined): string[] {
  const found = word === undefined ? ofLastFailure(readLastFailure()) : ofWord(word);
  if (found === undefined) return wrap(whatToType(), width(columns));
  const { key, hint, about, doc, stage } = found;
  const level = nextHintLevel(key, HINT_LEVELS);
  const solution = fromRoot(programPath(stage, 'solutions'));
  return hintLines({ about, hint, level, doc, solution, more }, columns);
}

function whatToType(): string {
  const next = likelyMilestone()?.id ?? '1';
  const role = findStage(currentStage())?.role ?? 'program';
  return text.words.noCheckYourHas(role, next);
}

/** The first milestone of the current stage that was not green yet, else its last. */
function likelyMilestone(): Milestone | undefined {
  const milestones = findStage(currentStage())?.milestones ?? [];
  const { green } = readProgress();
  return milestones.find(({ id }) => green[id] === undefined) ?? milestones.at(-1);
}

function ofLastFailure(failure: LastFailure | undefined): Found | undefined {
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
  const about = isTodo ? aboutTodo(todo, stage) : text.words.checkMilestone(number, milestone.id, check.id);
  return { ...found, about, doc: failure?.doc ?? `${stage.doc}#${check.doc}`, stage };
}

function ofWord(word: string): Found | undefined {
  if (/^\d+\.\d+\.\d+$/.test(word)) return ofTodo(word);
  if (/^\d+\.\d+$/.test(word)) throw aboutMilestone(word);
  const failure = readLastFailure();
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
  const others = all.length === 0 ? '' : text.words.milestoneHasTodos(milestone, [...new Set(all)].join(', '));
  return new WordsError(text.words.noTodo(todo, others));
}

function aboutMilestone(word: string): WordsError {
  return findMilestone(word) === undefined
    ? noSuchMilestone(word)
    : new WordsError(text.words.milestoneHasNoHint(word));
}

function aboutTodo(todo: string, stage: Stage): string {
  return `TODO ${todo}, ${functionOf(todo, stage)}`;
}

function functionOf(todo: string, { todos }: Stage): string {
  return Object.keys(todos).find((name) => todos[name] === todo) ?? text.words.theProgram;
}
