/** Classroom 50's result.json of one submission. */
import type { SubmissionGrade } from '../result.ts';
import { checksOf } from './phrases.ts';
import { plainLine } from './plain.ts';
import { STATUS_WORDS } from './standing.ts';

/** Facts about the hand-in that the service knows and a grade lacks. */
export interface Classroom50Source {
  classroom: string;
  assignment: string;
  owner: string;
  /** the tag of the hand-in, 'submit/…' */
  submission: string;
  /** URLs */
  commit: string;
  release: string;
  review: string;
  /** when it was handed in, '2026-09-01T12:00:00Z' */
  datetime: string;
}

export interface Classroom50Result extends Classroom50Source {
  schema: 'classroom50/result/v1';
  assignment_type: 'individual';
  score: number;
  'max-score': number;
  tests: { 'test-name': string; passed: boolean; score: number; 'max-score': number; status: string }[];
}

/** The result; undefined for a submission that has no mark yet, which the format cannot express. */
export function classroom50Result(grade: SubmissionGrade, source: Classroom50Source): Classroom50Result | undefined {
  if (grade.status === 'broken') return undefined;
  return {
    schema: 'classroom50/result/v1',
    assignment_type: 'individual',
    ...source,
    score: Math.max(0, Math.min(grade.points, grade.outOf)),
    'max-score': grade.outOf,
    tests: checksOf(grade).map(({ milestone, check }) => ({
      'test-name': plainLine(`${milestone.id}.${check.number} ${check.title}`),
      passed: check.status === 'pass',
      score: check.points,
      'max-score': check.outOf,
      status: STATUS_WORDS[check.status],
    })),
  };
}

/** Placeholder for the source where only a folder of hand-ins is known. */
export function localSource(grade: SubmissionGrade): Classroom50Source {
  const id = plainLine(grade.student.id);
  return {
    classroom: 'local',
    assignment: `stage-${grade.stage}`,
    owner: id,
    submission: `submit/${id}`,
    commit: grade.versions.submission,
    release: '',
    review: '',
    datetime: `${grade.startedAt.slice(0, 19)}Z`,
  };
}
