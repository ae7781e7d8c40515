/**
 * Grades without values that vary from run to run. Summaries of a class are made of `steady` ones, so they have the same bytes
 * on one machine or on ten; a student's own feedback keeps the numbers that were seen. Everything is in the results.
 */
import { stringify } from 'csv-stringify/sync';
import type { CheckGrade, SubmissionGrade } from '../contract/result.ts';
import { cell } from '../formats/csv.ts';

/** Not inside a name. */
const NUMBER = /(?<![\w.])\d[\d,.]*(?![\w])/g;
/** Replaces the time of grading. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';

/** The same grade without times. */
export function timeless(grade: SubmissionGrade): SubmissionGrade {
  const { version, student, stage, status, notes, problem, points, outOf, late, seed, isolation, versions, again } =
    grade;
  return {
    ...{ version, student, stage, status, notes, problem, points, outOf, late, seed, isolation, versions, again },
    startedAt: NO_TIME,
    ms: 0,
    milestones: grade.milestones.map((milestone) => ({
      ...milestone,
      ms: 0,
      checks: milestone.checks.map((check) => ({ ...check, ms: 0 })),
    })),
  };
}

/** The same grade without values that vary from run to run: times, ports, counts, evidence. */
export function steady(grade: SubmissionGrade): SubmissionGrade {
  const milestones = grade.milestones.map((milestone) => ({ ...milestone, checks: milestone.checks.map(steadyCheck) }));
  return timeless({ ...grade, milestones });
}

function steadyCheck(check: CheckGrade): CheckGrade {
  const text = (words: string | null) => words?.replaceAll(NUMBER, 'N') ?? null;
  return {
    ...check,
    cause: text(check.cause),
    ended: text(check.ended),
    ...{ did: null, expected: null, observed: null, difference: null, lastLines: null, state: null, proof: null },
  };
}

/** When each submission was graded, and how long it took, in seconds. */
export function timesCsv(grades: SubmissionGrade[]): string {
  const rows = grades.map(({ student, startedAt, ms, milestones }) => [
    ...[student.id, startedAt, seconds(ms)],
    milestones.map((milestone) => `${milestone.id}: ${seconds(milestone.ms)}`).join('; '),
  ]);
  return stringify(
    [['id', 'startedAt', 'seconds', 'milestones'], ...rows].map((row) => row.map(cell)),
    { bom: true },
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
