/** The judge of this machine: the real one. */
import { findStage } from '../../checkers/course/course.ts';
import type { Grader } from '../../checkers/grade/batch/grader.ts';
import type { Isolation } from '../../checkers/grade/contract/result.ts';
import { checksVersion, submissionVersion } from '../../checkers/grade/contract/versions.ts';
import { gradeOne } from '../../checkers/grade/grade-one.ts';
import { lastLevel, rememberLevel } from '../../checkers/grade/isolation/last-level.ts';
import { isolationNotes, proveIsolation } from '../../checkers/grade/isolation/prove.ts';
import { readRubric } from '../../checkers/grade/rubric/rubric.ts';
import { unlessStopped } from './stopping.ts';

/** Judges with the checks of this workshop. */
export const grader: Grader = { grade: gradeOne, submissionVersion, checksVersion, rubricVersion };

function rubricVersion(number: number, rubric: string | null): string {
  const stage = findStage(number);
  if (stage === undefined) throw new Error(`there is no stage ${number}`);
  return readRubric(stage, rubric).version;
}

/**
 * The isolation level of this machine, found by tests.
 *
 * @throws IsolationError if it is too weak, Stopped if interrupted
 */
export async function isolationHere(required: Isolation | null): Promise<Isolation> {
  const proven = await unlessStopped((signal) => proveIsolation(required ?? undefined, signal));
  for (const line of isolationNotes(proven, lastLevel())) process.stderr.write(`${line}\n`);
  rememberLevel(proven.level);
  return proven.level;
}
