/**
 * npm run grade FOLDER […]: grades a class. Exit code 0: all students have a mark, 1: one has none, or the canaries
 * failed, 2: could not begin, 130: stopped. The word after `grade` may name something else to do.
 */
import { existsSync } from 'node:fs';
import { BatchError } from '../checkers/grade/contract/batch-error.ts';
import { Refused } from '../checkers/grade/contract/limits.ts';
import { NoSubmissions } from '../checkers/grade/intake/find.ts';
import { RosterError } from '../checkers/grade/intake/roster.ts';
import { IsolationError } from '../checkers/grade/isolation/prove.ts';
import { GradebookError } from '../checkers/grade/lms/gradebook.ts';
import { RubricError } from '../checkers/grade/rubric/read.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { didYouMean, WordsError } from './command-line.ts';
import { gradeClass } from './grade/class.ts';
import { compare } from './grade/compare.ts';
import { exportMarks } from './grade/export.ts';
import { generate } from './grade/generate.ts';
import { importClass } from './grade/import.ts';
import { integrity } from './grade/integrity.ts';
import { merge } from './grade/merge.ts';
import { pack } from './grade/pack.ts';
import { placeOf } from './grade/places.ts';
import { proveGrader } from './grade/prove.ts';
import { questions } from './grade/questions.ts';
import { queue } from './grade/queue.ts';
import { proveMachine } from './grade/self-test.ts';
import { speed } from './grade/speed.ts';
import { Stopped } from './grade/stopping.ts';

/** What can stand after `grade`, apart from a folder. */
const others: Record<string, (typed: string[]) => Promise<number>> = {
  merge,
  queue,
  compare,
  generate,
  integrity,
  questions,
  import: importClass,
  export: exportMarks,
  prove: proveGrader,
  'self-test': proveMachine,
  speed,
  pack,
};

/** Errors of the command line, each with a message. */
const TOLD = [
  WordsError,
  CannotRun,
  BatchError,
  NoSubmissions,
  RosterError,
  RubricError,
  IsolationError,
  Refused,
  GradebookError,
];

/** Marks, seeds and feedback are for the user who grades: new folders are 0700, new files 0600. */
const PRIVATE = 0o077;

export async function main(typed: string[]): Promise<number> {
  const [first = '', ...rest] = typed;
  process.umask(PRIVATE);
  try {
    mustBeKnown(first);
    return (await (Object.hasOwn(others, first) ? others[first]?.(rest) : gradeClass(typed))) as number;
  } catch (error) {
    if (error instanceof Stopped) return error.exitCode;
    if (!TOLD.some((known) => error instanceof known)) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
}

/** Detects a typo in the first word, which would otherwise be taken for a folder. @throws WordsError */
function mustBeKnown(first: string): void {
  if (Object.hasOwn(others, first) || existsSync(placeOf(first))) return;
  const near = didYouMean(first, Object.keys(others));
  if (near !== '') throw new WordsError(`'${first}' is neither a folder nor something to do.${near}`);
}
