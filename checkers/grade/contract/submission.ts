/** What was handed in, as the intake finds it, and the contract of the function that grades one. */
import type { Isolation, Student, SubmissionGrade } from './result.ts';

/** A file or folder of a hand-in whose files lie among those of others, as in the export of a learning platform. */
export interface Part {
  /** the student's own name for it; empty: a folder whose content is the hand-in */
  name: string;
  /** absolute */
  path: string;
}

/** One hand-in, not yet opened: intake, the queue and the batch pass these around. */
export interface Submission {
  student: Student;
  /** absolute path of the folder, archive, bundle or file that was handed in; where there is none, where it was looked for */
  path: string;
  kind: 'folder' | 'zip' | 'tar' | 'bundle' | 'file' | 'parts' | 'missing';
  /** for `parts`: what the hand-in consists of */
  parts?: Part[];
  /** one sentence each: what was noticed when the class was taken in */
  notes?: string[];
  /** when it was handed in (roster, ISO 8601 in UTC); null: unknown, so it is not late */
  submittedAt: string | null;
  /** what the class list grants beyond the deadline; undefined: nothing */
  allowance?: { extension: { until: string } | { days: number } | null; lateDays: number };
  /** handed in by a group, which shares the mark of its first member; undefined: by one student */
  group?: { name: string; first: string };
  /** several students handed in this program, byte for byte: it is judged once, with the seed of the first of them */
  twin?: { first: string };
  /** one of our own programs, which takes the ports that it is given */
  ours?: boolean;
}

/** What holds for every submission of a class. */
export interface GradeOrder {
  stage: number;
  /** students' seeds are made from it and their ids */
  classSeed: string;
  /** absolute path of the rubric; null: the course table's points */
  rubric: string | null;
  /** ISO 8601 in UTC; null: no deadline */
  deadline: string | null;
  isolation: Isolation;
  /** absolute paths, for the command that grades one again; undefined: the folder that the submission lies in, no roster */
  folder?: string;
  roster?: string | null;
  /** the zone of times in an export that have none: 'Europe/Berlin' or '+02:00' */
  zone?: string;
  /** absolute path of the folder where the pages go that replay failed milestones; undefined: none are made */
  replays?: string;
  /** factor for the time that programs are given; undefined: 1. Tests of wrong programs need not wait as long */
  patience?: number;
}

/**
 * Grades one submission: opens it, runs the checks, gives points. Every submission gets a grade; a fault of
 * the grader comes back as `broken`, never as a mark.
 */
export type GradeOne = (submission: Submission, order: GradeOrder, signal?: AbortSignal) => Promise<SubmissionGrade>;
