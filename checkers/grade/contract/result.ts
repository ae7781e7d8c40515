/** The result of grading one submission: a JSON file, from which every report and format is made. */
import type { CheckJson } from '../../report/json.ts';

/** Incremented when readers of these files have to change. */
export const GRADE_VERSION = 2;

/** How a submission was isolated from the machine, strongest first. */
export const ISOLATION_LEVELS = ['bubblewrap', 'unshare', 'user', 'process-group'] as const;
export type Isolation = (typeof ISOLATION_LEVELS)[number];

/** The student. */
export interface Student {
  /** from the roster or the folder's name; unique within a class */
  id: string;
  name: string;
  /** as the class list says; undefined: it does not */
  section?: string;
}

/** One check of one submission, as in docs/milestone-result.schema.json, and what it is worth. */
export interface CheckGrade extends CheckJson {
  /** points given; integers, so that no format has to round */
  points: number;
  /** points that a pass gives */
  outOf: number;
  /** how often it was tried, and how each try ended */
  attempts: string[];
}

/** A person's change of a mark. */
export interface Adjustment {
  /** added; negative: taken off */
  points: number;
  reason: string;
  /** who decided; may be empty */
  who: string;
}

/** One milestone of one submission. */
export interface MilestoneGrade {
  /** '4.1' */
  id: string;
  title: string;
  seed: string;
  ms: number;
  checks: CheckGrade[];
}

/**
 * graded: points stand; refused: there was nothing that could be run, and `problem` says why (0 points); broken: the
 * grader or the machine failed, so there is no mark yet, and it is to be graded again.
 */
export type GradeStatus = 'graded' | 'refused' | 'broken';

/** The result of one submission. Times are ISO 8601 in UTC. */
export interface SubmissionGrade {
  version: typeof GRADE_VERSION;
  student: Student;
  /** number of the stage */
  stage: number;
  status: GradeStatus;
  /** the file of the hand-in that was graded, from the hand-in on; undefined: none was found, or not recorded then */
  file?: string;
  /** one sentence each: what was found at intake or while it ran that the student or the instructor should know */
  notes: string[];
  /** why there was nothing to grade, or what broke; one sentence */
  problem: string | null;
  milestones: MilestoneGrade[];
  points: number;
  outOf: number;
  /** whole days after the deadline, and the points that they cost; null: on time, or no deadline */
  late: { days: number; cost: number } | null;
  /** changes by a person, which are in `points` already; undefined: none */
  adjusted?: Adjustment[];
  /** made from the class's seed and the student's id */
  seed: string;
  isolation: Isolation;
  /** fingerprints of what the mark depends on: the submission's files, the checks, the rubric */
  versions: { submission: string; checks: string; rubric: string };
  startedAt: string;
  ms: number;
  /** the command that grades this one again with the same bytes */
  again: string;
}

/** A whole class: what is in the folder of results. */
export interface ClassGrades {
  version: typeof GRADE_VERSION;
  stage: number;
  classSeed: string;
  /** in order of the students' ids */
  grades: SubmissionGrade[];
}
