/** What every word that judges a program shares: whose program it is, what is printed, what is remembered. */
import { type Milestone, nextMilestone, stageOf } from '../checkers/course/course.ts';
import { text as messages } from '../checkers/messages/index.ts';
import { keep, type Reason } from '../checkers/progress/kept.ts';
import { rememberFailure } from '../checkers/progress/last-failure.ts';
import { currentStage, nextOpen, rememberGreen } from '../checkers/progress/progress.ts';
import type { Ways } from '../checkers/report/failure.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { terminalReport } from '../checkers/report/terminal.ts';
import type { Candidate } from '../checkers/run/candidate.ts';
import type { MilestoneResult } from '../checkers/run/run.ts';
import { readProgram, type Whose } from './program.ts';

/**
 * The TypeScript program of a milestone's stage.
 *
 * @throws CannotRun when it is not there, or cannot be read
 */
export function programOf(milestone: Milestone, whose: Whose): Candidate {
  return { kind: 'file', whose, ...readProgram(stageOf(milestone), whose) };
}

/** All checks of the milestone were asked for, and all passed. */
export function isGreen({ results, milestone }: MilestoneResult): boolean {
  return results.length === milestone.checks.length && results.every((check) => check.status === 'pass');
}

/**
 * Remembers what came of the learner's own program: the stage map and the hints go by it. A milestone that is green also
 * leaves a copy of the file as it was judged, which `npm run stage 4 restore` brings back.
 *
 * @returns lines on what could not be remembered; none as a rule
 */
export function remember(result: MilestoneResult): string[] {
  if (!isLearners(result)) return [];
  return [
    ...attempted(() => rememberFailure(result), messages.words.noteHintsNot),
    ...(isGreen(result) ? rememberSuccess(result) : []),
  ];
}

function rememberSuccess({ candidate, stage, milestone }: MilestoneResult): string[] {
  const source = candidate.kind === 'file' ? candidate.source : undefined;
  return [
    ...attempted(() => rememberGreen(milestone), messages.words.noteProgressNot),
    ...(source === undefined
      ? []
      : attempted(() => void keep(stage, source, milestone.id as Reason), messages.words.noteNoCopyYour)),
  ];
}

/** Nothing that is remembered is worth losing a report for: a line says that it could not be. */
function attempted(remembering: () => void, note: (why: string) => string): string[] {
  try {
    remembering();
    return [];
  } catch (error) {
    return [note((error as Error).message)];
  }
}

/** How a report goes on: with commands to type, with keys of the watcher, or with another report below it. */
export type GoingOn = 'commands' | 'keys' | 'one-check' | 'more';

/** The report, and for the learner's own program what comes after a milestone that is done. */
export function reportLines(result: MilestoneResult, columns: number | undefined, goingOn: GoingOn): string[] {
  const lines = terminalReport(result, columns, waysOf(result, goingOn));
  if (!isGreen(result) || !isLearners(result) || goingOn === 'more') return lines;
  const next = goingOn === 'commands' ? whatToType(result.milestone) : whatToPress(result.milestone);
  return [...lines, '', ...wrap(next, width(columns))];
}

function waysOf({ stage, milestone }: MilestoneResult, goingOn: GoingOn): Ways {
  const { pressH, pressF, pressR } = messages.watch;
  if (goingOn === 'keys') return { hint: pressH, again: pressF };
  if (goingOn === 'one-check') return { hint: pressH, again: pressR };
  // Without a word, a hint is about the stage that the learner is on.
  return stage.number === currentStage() ? {} : { hint: `npm run hint ${milestone.id}` };
}

function isLearners({ candidate }: MilestoneResult): boolean {
  return candidate.kind === 'file' && candidate.whose === 'learner';
}

function whatToType(milestone: Milestone): string {
  const next = nextOpen(milestone);
  if (next === undefined) return messages.words.wasLastMilestoneThere;
  const { number, title, doc } = stageOf(next);
  // Only the word `stage` chooses: milestones without a number of a stage are of the one that was chosen last.
  return number === stageOf(milestone).number
    ? messages.words.nextMilestoneReadThen(next.id, next.title, doc)
    : messages.words.nextStageThen(number, title);
}

/** The key goes to the very next milestone, green or not, and never chooses a stage. */
function whatToPress(milestone: Milestone): string {
  const next = nextMilestone(milestone);
  if (next === undefined) return messages.words.wasLastMilestoneThere;
  const { number, doc } = stageOf(next);
  const other = number === stageOf(milestone).number ? undefined : number;
  return messages.watch.nextMilestonePress(next.id, next.title, doc, other);
}

/** Where somebody watches: a line that counts checks. It is wiped out before the report. */
export function countingLine(total: number): () => void {
  let done = 0;
  process.stdout.write(messages.words.noChecksDone(total));
  return () => {
    done += 1;
    process.stdout.write(`\r\u001b[K${done < total ? messages.words.someChecksDone(done, total) : ''}`);
  };
}
