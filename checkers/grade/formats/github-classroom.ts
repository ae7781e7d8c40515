/** GitHub Classroom's RESULT of one submission. The service has ended; its runners and reporter are used elsewhere. */
import type { CheckGrade, SubmissionGrade } from '../contract/result.ts';
import { findingsAsText } from './findings.ts';
import { checksOf, lateWords, type PlacedCheck } from './phrases.ts';
import { plainLine } from './plain.ts';

type Status = 'pass' | 'fail' | 'error';

export interface GithubClassroomResult {
  version: 1;
  status: Status;
  max_score: number;
  tests: {
    name: string;
    status: Status;
    score: number;
    message: string;
    test_code: string;
    filename: string;
    line_no: number;
    /** milliseconds */
    duration: number;
  }[];
}

type Test = GithubClassroomResult['tests'][number];

/** The result. Its reader adds the tests up, so what late days cost is a test of its own, with a score below 0. */
export function githubClassroomResult(grade: SubmissionGrade): GithubClassroomResult {
  if (grade.status !== 'graded') {
    const message = plainLine(grade.problem ?? '');
    const max_score = grade.status === 'broken' ? 0 : grade.outOf;
    return { version: 1, status: 'error', max_score, tests: [test('Not graded', 'error', 0, { message })] };
  }
  const tests = checksOf(grade).map(testOf);
  const missing = grade.points - tests.reduce((sum, { score }) => sum + score, 0);
  if (missing !== 0) tests.push(test(lateWords(grade) ?? 'Weights of the rubric', 'fail', missing, {}));
  const status = tests.every((one) => one.status === 'pass') ? 'pass' : 'fail';
  return { version: 1, status, max_score: grade.outOf, tests };
}

/** Encoded as the runners pass it on. */
export function githubClassroomOutput(grade: SubmissionGrade): string {
  return Buffer.from(JSON.stringify(githubClassroomResult(grade)), 'utf8').toString('base64');
}

function testOf({ milestone, check }: PlacedCheck): Test {
  return test(plainLine(`${milestone.id}.${check.number} ${check.title}`), statusOf(check), check.points, {
    message: check.status === 'pass' ? '' : findingsAsText(check),
    test_code: plainLine(check.again ?? ''),
    duration: check.ms,
  });
}

function statusOf({ status }: CheckGrade): Status {
  if (status === 'pass') return 'pass';
  return status === 'broken' ? 'error' : 'fail';
}

function test(name: string, status: Status, score: number, more: Partial<Test>): Test {
  return { name, status, score, message: '', test_code: '', filename: '', line_no: 0, duration: 0, ...more };
}
