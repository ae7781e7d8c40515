/** The class in CTRF, the common test report format, with the retries of each check. */
import type { CheckGrade, ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { findingsAsText } from './findings.ts';
import { checksOf, type PlacedCheck } from './phrases.ts';
import { plainLine } from './plain.ts';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

interface CtrfTest {
  name: string;
  status: Status;
  duration: number;
  suite: string[];
  message?: string;
  retries?: number;
  flaky?: boolean;
  retryAttempts?: { attempt: number; status: Status }[];
  extra?: Record<string, unknown>;
}

export interface CtrfReport {
  reportFormat: 'CTRF';
  specVersion: string;
  results: {
    tool: { name: string };
    summary: Record<string, number>;
    tests: CtrfTest[];
    extra: Record<string, unknown>;
  };
}

/** The whole class, from the start of the first submission to the end of the last. */
export function ctrfReport({ grades, stage }: ClassGrades): CtrfReport {
  const tests = grades.flatMap((grade) =>
    grade.status === 'graded' ? checksOf(grade).map((placed) => testOf(grade, placed)) : [notGraded(grade)],
  );
  const count = (status: Status): number => tests.filter((test) => test.status === status).length;
  const starts = grades.map(({ startedAt }) => Date.parse(startedAt) || 0);
  const stops = grades.map(({ ms }, index) => (starts[index] ?? 0) + Math.round(ms));
  const summary = {
    tests: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    pending: count('pending'),
    other: count('other'),
    start: starts.reduce((a, b) => Math.min(a, b), starts[0] ?? 0),
    stop: stops.reduce((a, b) => Math.max(a, b), 0),
  };
  const extra = { stage, students: grades.map(marksOf) };
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: { tool: { name: 'tcp-proxy-workshop' }, summary, tests, extra },
  };
}

function marksOf({ student, status, points, outOf }: SubmissionGrade): object {
  return { id: plainLine(student.id), status, points: status === 'broken' ? null : points, outOf };
}

function testOf(grade: SubmissionGrade, { milestone, check }: PlacedCheck): CtrfTest {
  const tries = check.attempts.length > 1;
  return {
    name: plainLine(check.title),
    status: statusOf(check.status),
    duration: Math.round(check.ms),
    suite: [plainLine(grade.student.id) || '-', milestone.id],
    ...(check.status !== 'pass' && { message: findingsAsText(check) }),
    ...(check.status === 'flaky' && { flaky: true }),
    ...(tries && { retries: check.attempts.length - 1, retryAttempts: check.attempts.map(attemptOf) }),
    extra: { id: check.id, points: check.points, outOf: check.outOf, causeId: check.causeId },
  };
}

function attemptOf(ended: string, index: number): { attempt: number; status: Status } {
  return { attempt: index + 1, status: statusOf(ended) };
}

/** A broken check is not a failure of the student. */
function statusOf(status: CheckGrade['status'] | string): Status {
  if (status === 'pass') return 'passed';
  if (status === 'fail' || status === 'flaky') return 'failed';
  return status === 'skipped' ? 'skipped' : 'other';
}

function notGraded({ student, status, problem, ms }: SubmissionGrade): CtrfTest {
  return {
    name: 'can be graded',
    status: status === 'broken' ? 'other' : 'failed',
    duration: Math.round(ms),
    suite: [plainLine(student.id) || '-'],
    message: plainLine(problem ?? ''),
  };
}
