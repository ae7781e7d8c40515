/** Shared code of the commands that judge a program: the choice of the program, the report, the memory. */
import { type Milestone, nextMilestone, stageOf } from '../checkers/course/course.ts';
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
 * Remembers the results of the learner's own program, for the stage map and the hints. A green milestone also
 * keeps a copy of the file as it was judged, which `npm run stage 4 restore` brings back.
 *
 * @returns lines on what could not be remembered; usually none
 */
export function remember(result: MilestoneResult): string[] {
  if (!isLearners(result)) return [];
  return [
    ...attempted(
      () => rememberFailure(result),
      (message: string) => `Note: the failed check could not be saved (${message}).`,
    ),
    ...(isGreen(result) && counts(result) ? rememberSuccess(result) : []),
  ];
}

/** Where there is a real kernel, its verdict counts. */
function counts({ simulated }: MilestoneResult): boolean {
  return simulated !== true || process.platform !== 'linux';
}

function rememberSuccess({ candidate, stage, milestone }: MilestoneResult): string[] {
  const source = candidate.kind === 'file' ? candidate.source : undefined;
  return [
    ...attempted(
      () => rememberGreen(milestone),
      (message: string) => `Note: your progress could not be saved (${message}).`,
    ),
    ...(source === undefined
      ? []
      : attempted(
          () => void keep(stage, source, milestone.id as Reason),
          (message: string) => `Note: no copy of your file could be saved (${message}).`,
        )),
  ];
}

/** A failure to remember must not cost the report: it only adds a line. */
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

/** The report, and for the learner's own program the next step after a green milestone. */
export function reportLines(result: MilestoneResult, columns: number | undefined, goingOn: GoingOn): string[] {
  const lines = terminalReport(result, columns, waysOf(result, goingOn));
  if (!isGreen(result) || !isLearners(result) || goingOn === 'more') return lines;
  if (!counts(result)) return [...lines, '', ...wrap(onTheRealOne(result.milestone), width(columns))];
  const next = goingOn === 'commands' ? whatToType(result.milestone) : whatToPress(result.milestone);
  return [...lines, '', ...wrap(next, width(columns))];
}

function waysOf({ stage, milestone }: MilestoneResult, goingOn: GoingOn): Ways {
  if (goingOn === 'keys') return { hint: 'press h', again: 'press f: only this check, with the same bytes' };
  if (goingOn === 'one-check') return { hint: 'press h', again: 'press r: this check, with the same bytes' };
  // Without a word, a hint is about the stage that the learner is on.
  return stage.number === currentStage() ? {} : { hint: `npm run hint ${milestone.id}` };
}

function onTheRealOne({ id }: Milestone): string {
  return `Passed on the simulated kernel. The verdict on the real one counts: npm run milestone ${id}`;
}

function isLearners({ candidate }: MilestoneResult): boolean {
  return candidate.kind === 'file' && candidate.whose === 'learner';
}

function whatToType(milestone: Milestone): string {
  const next = nextOpen(milestone);
  if (next === undefined) return 'That was the last milestone. Try your proxy in a browser: npm run proxy';
  const { number, title, doc } = stageOf(next);
  // Only `npm run stage` chooses a stage: commands without a number use the one that was chosen last.
  return number === stageOf(milestone).number
    ? `Next: milestone ${next.id}, ${next.title}. Read ${doc}, then: npm run milestone ${next.id}`
    : `Next: stage ${number}, ${title}. Go there: npm run stage ${number}`;
}

/** The key goes to the very next milestone, green or not, and never chooses a stage. */
function whatToPress(milestone: Milestone): string {
  const next = nextMilestone(milestone);
  if (next === undefined) return 'That was the last milestone. Try your proxy in a browser: npm run proxy';
  const { number, doc } = stageOf(next);
  const other = number === stageOf(milestone).number ? undefined : number;
  return nextMilestonePress(next.id, next.title, doc, other);
}

/** At a terminal: a line that counts checks. It is erased before the report. */
export function countingLine(total: number): () => void {
  let done = 0;
  process.stdout.write(`  0 of ${total} checks done`);
  return () => {
    done += 1;
    process.stdout.write(`\r\u001b[K${done < total ? `  ${done} of ${total} checks done` : ''}`);
  };
}

function nextMilestonePress(id: string, title: string, doc: string, stage: undefined | number): string {
  const choice =
    stage === undefined ? '' : ` When you have left with q, npm run stage ${stage} makes stage ${stage} your stage.`;
  return `Next: milestone ${id}, ${title}. Read ${doc}, then press n.${choice}`;
}
