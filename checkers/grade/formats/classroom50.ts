/** Classroom 50's result.json of one submission. */
import type { SubmissionGrade } from '../contract/result.ts';
import { checksOf, lateWords, type PlacedCheck } from './phrases.ts';
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
  tests: Classroom50Test[];
}

/** What is beyond the first four fields is for people: the format allows it. */
interface Classroom50Test {
  'test-name': string;
  passed: boolean;
  score: number;
  'max-score': number;
  status: string;
  /** why it has fewer points than its check gave */
  message?: string;
}

/** The result; undefined for a submission that has no mark yet, which the format cannot express. */
export function classroom50Result(grade: SubmissionGrade, source: Classroom50Source): Classroom50Result | undefined {
  if (grade.status === 'broken') return undefined;
  const score = Math.max(0, Math.min(grade.points, grade.outOf));
  return {
    schema: 'classroom50/result/v1',
    assignment_type: 'individual',
    ...source,
    score,
    'max-score': grade.outOf,
    tests: addedUpTo(score, grade.status === 'refused' ? [notRun(grade)] : checksOf(grade).map(testOf), grade),
  };
}

function testOf({ milestone, check }: PlacedCheck): Classroom50Test {
  return {
    'test-name': plainLine(`${milestone.id}.${check.number} ${check.title}`),
    passed: check.status === 'pass',
    score: check.points,
    'max-score': check.outOf,
    status: STATUS_WORDS[check.status],
  };
}

/** Stands in for the checks of a submission that could not be run. */
function notRun({ outOf, problem }: SubmissionGrade): Classroom50Test {
  const message = plainLine(problem ?? '');
  return {
    'test-name': 'can be graded',
    passed: false,
    score: 0,
    'max-score': outOf,
    status: STATUS_WORDS.fail,
    message,
  };
}

/**
 * The tests with a sum that is the mark. A score below 0 is not valid, so the points that a late day costs are taken from the
 * last tests that have some, and those that an adjustment gives go to the first that have room.
 */
function addedUpTo(score: number, tests: Classroom50Test[], grade: SubmissionGrade): Classroom50Test[] {
  let missing = score - tests.reduce((sum, test) => sum + test.score, 0);
  const message = plainLine(lateWords(grade) ?? 'adjusted');
  const changed = missing < 0 ? tests.toReversed() : tests;
  const summed = changed.map((test) => {
    const change = Math.max(-test.score, Math.min(missing, test['max-score'] - test.score));
    missing -= change;
    return change === 0 ? test : { ...test, score: test.score + change, message };
  });
  return changed === tests ? summed : summed.toReversed();
}

/**
 * Placeholder for the source where only a folder of hand-ins is known. No field may be empty.
 *
 * @param submittedAt ISO 8601 in UTC; null: unknown, so it is the time of grading
 */
export function localSource(grade: SubmissionGrade, submittedAt: string | null = null): Classroom50Source {
  const id = plainLine(grade.student.id) || 'student';
  const version = grade.versions.submission || 'unknown';
  return {
    classroom: 'local',
    assignment: `stage-${grade.stage}`,
    owner: id,
    submission: `submit/${id}`,
    commit: version,
    release: `submit/${id}`,
    review: version,
    datetime: `${(submittedAt ?? grade.startedAt).slice(0, 19)}Z`,
  };
}
