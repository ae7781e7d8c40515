/** The interface between a batch and the code that opens and judges submissions; tests substitute their own. */
import type { SubmissionGrade } from '../contract/result.ts';
import type { GradeOne, Submission } from '../contract/submission.ts';

/** Judges submissions, and knows what a mark depends on. */
export interface Grader {
  grade: GradeOne;
  /** fingerprint of the submission */
  submissionVersion: (submission: Submission) => Promise<string>;
  /** fingerprint of everything that decides about verdicts */
  checksVersion: () => string;
  /**
   * fingerprint of a stage's rubric
   *
   * @throws Error with a sentence for one that makes no sense
   */
  rubricVersion: (stage: number, rubric: string | null) => string;
}

/** What a mark depends on besides `versions`. */
export interface Basis {
  classSeed: string;
  /** ISO 8601 in UTC */
  deadline: string | null;
  submittedAt: string | null;
  /** what the class list grants the student beyond the deadline, as JSON; undefined: nothing */
  allowance?: string;
}

/** A result as it lies in the folder: complete, and with what is needed to tell whether it still holds. */
export interface StoredGrade extends SubmissionGrade {
  basis: Basis;
}
