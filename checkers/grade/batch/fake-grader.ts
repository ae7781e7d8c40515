/** A fake judge for tests of batches and queues. */
import { setTimeout as pause } from 'node:timers/promises';
import { GRADE_VERSION, type SubmissionGrade } from '../contract/result.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import type { Grader } from './grader.ts';

/** A judge that takes a given time, and records the submissions it was given. */
export class FakeGrader implements Grader {
  readonly graded: string[] = [];
  checks = 'checks-1';
  rubric = 'rubric-1';
  /** by id: fingerprints other than the usual */
  files = new Map<string, string>();
  /** by id: the outcome, instead of all points */
  special = new Map<string, (grade: SubmissionGrade) => SubmissionGrade>();
  msEach = 1;

  submissionVersion = async ({ student: { id } }: Submission): Promise<string> =>
    this.files.get(id) ?? `files of ${id}`;
  checksVersion = (): string => this.checks;
  rubricVersion = (): string => this.rubric;

  grade = async (submission: Submission, { classSeed, stage }: GradeOrder, signal?: AbortSignal) => {
    await pause(this.msEach, undefined, signal && { signal });
    const { id } = submission.student;
    this.graded.push(id);
    const grade: SubmissionGrade = {
      ...{ version: GRADE_VERSION, student: submission.student, stage, status: 'graded', notes: [], problem: null },
      milestones: [{ id: '4.1', title: 'accept', seed: 'ab', ms: 1, checks: [] }],
      ...{ points: 10, outOf: 10, late: null, seed: `${classSeed}-${id}`, isolation: 'process-group' },
      versions: { submission: await this.submissionVersion(submission), checks: this.checks, rubric: this.rubric },
      ...{ startedAt: new Date().toISOString(), ms: this.msEach, again: `npm run grade x only ${id}` },
    };
    return this.special.get(id)?.(grade) ?? grade;
  };
}

/** A check with this outcome, in its own milestone. */
export function withCheck(id: string, status: 'pass' | 'fail'): (grade: SubmissionGrade) => SubmissionGrade {
  const nothing = {
    reason: null,
    did: null,
    expected: null,
    observed: null,
    difference: null,
    ended: null,
    proof: null,
  };
  const more = {
    lastLines: null,
    state: null,
    causeId: null,
    cause: null,
    todo: null,
    next: null,
    doc: null,
    again: null,
  };
  const points = status === 'pass' ? 10 : 0;
  const check = { number: 1, id, title: id, status, ms: 1, ...nothing, ...more, points, outOf: 10, attempts: [status] };
  return (grade) => ({
    ...grade,
    points,
    milestones: [{ id: '4.1', title: 'accept', seed: 'ab', ms: 1, checks: [check] }],
  });
}
