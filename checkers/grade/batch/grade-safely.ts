/** Grades one submission without throwing: a batch goes on when the judge of one submission fails. */
import { againCommand } from '../contract/again.ts';
import { GRADE_VERSION, type SubmissionGrade } from '../contract/result.ts';
import { seedFor } from '../contract/seed.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import type { Grader } from './grader.ts';

/** Each step for a submission has its own deadline; this one is the last resort. */
const LIMIT_MS = 30 * 60_000;

/**
 * Grades a submission; where that throws, the answer is a broken grade.
 *
 * @returns null when `signal` ended it: nothing is known then
 */
export async function gradeSafely(
  grader: Grader,
  submission: Submission,
  order: GradeOrder,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<SubmissionGrade | null> {
  const startedAt = new Date();
  // The system clock may be set meanwhile.
  const clock = performance.now();
  const limit = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    return await Promise.race([grader.grade(submission, order, either), rejection(either)]);
  } catch (error) {
    if (signal.aborted) return null;
    const problem = limit.aborted ? 'The grader did not finish in time.' : sentence(error);
    const ms = Math.round(performance.now() - clock);
    return broken(submission, order, problem, startedAt, ms, await versionsOf(grader, submission, order));
  }
}

/** Ends on the signal even if the judge ignores it. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

function sentence(error: unknown): string {
  return `The grader itself failed: ${error instanceof Error ? error.message : String(error)}`;
}

async function versionsOf(
  grader: Grader,
  submission: Submission,
  order: GradeOrder,
): Promise<SubmissionGrade['versions']> {
  return {
    submission: await grader.submissionVersion(submission).catch(() => ''),
    checks: grader.checksVersion(),
    rubric: grader.rubricVersion(order.stage, order.rubric),
  };
}

function broken(
  submission: Submission,
  order: GradeOrder,
  problem: string,
  startedAt: Date,
  ms: number,
  versions: SubmissionGrade['versions'],
): SubmissionGrade {
  return {
    version: GRADE_VERSION,
    ...{ student: submission.student, stage: order.stage, status: 'broken', notes: [], problem, milestones: [] },
    ...{
      points: 0,
      outOf: 0,
      late: null,
      seed: seedFor(order.classSeed, submission),
    },
    ...{ isolation: order.isolation, versions, startedAt: startedAt.toISOString() },
    ms,
    again: againCommand(submission, order),
  };
}
