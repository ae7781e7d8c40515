/** One submission in the queue, under a key that is the same for the same files, checks, rubric, seed and deadline. */
import { createHash } from 'node:crypto';
import type { Basis, Grader, StoredGrade } from '../batch/grader.ts';
import { basisOf } from '../batch/pending.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';

/** The data of a job; paths are valid on all machines. */
export interface QueueJob {
  submission: Submission;
  order: Omit<GradeOrder, 'isolation'>;
  versions: StoredGrade['versions'];
  basis: Basis;
}

/** The job for a submission as it is now. */
export async function jobFor(
  submission: Submission,
  order: Omit<GradeOrder, 'isolation'>,
  grader: Grader,
): Promise<QueueJob> {
  return {
    submission,
    order,
    versions: {
      submission: await grader.submissionVersion(submission),
      checks: grader.checksVersion(),
      rubric: grader.rubricVersion(order.stage, order.rubric),
    },
    basis: basisOf(submission, order),
  };
}

/** A key with one job and one result, no matter how often it is added or tried. */
export function keyOf({ submission, order, versions, basis }: QueueJob): string {
  const { id } = submission.student;
  const what = [order.stage, id, versions.submission, versions.checks, versions.rubric];
  const granted = basis.allowance === undefined ? [] : [basis.allowance];
  const how = [basis.classSeed, basis.deadline, basis.submittedAt, ...granted];
  // The letter in front is needed: BullMQ reserves numbers for its own ids.
  return `g${createHash('sha256')
    .update(JSON.stringify([...what, ...how]))
    .digest('hex')
    .slice(0, 32)}`;
}
