/** Gradescope's results.json of one submission. */
import type { SubmissionGrade } from '../contract/result.ts';
import { findingsAsText } from './findings.ts';
import { checksOf, type PlacedCheck } from './phrases.ts';
import { plainLine } from './plain.ts';
import { STATUS_WORDS, standingLines } from './standing.ts';

/** Gradescope's own status: only passed and failed, so the text says the rest. */
export interface GradescopeResult {
  /** counts instead of the sum of the tests, so that late days are in it */
  score?: number;
  execution_time: number;
  output: string;
  output_format: 'text';
  test_output_format: 'text';
  test_name_format: 'text';
  visibility: 'visible';
  stdout_visibility: 'hidden';
  tests: GradescopeTest[];
}

export interface GradescopeTest {
  score: number;
  max_score: number;
  status: 'passed' | 'failed';
  name: string;
  /** text, not a number: '4.2.3' */
  number?: string;
  output: string;
}

/** The result; a submission that has no mark yet has a test of 0 out of 0 that says so. */
export function gradescopeResult(grade: SubmissionGrade): GradescopeResult {
  const common = {
    execution_time: Math.round(grade.ms / 100) / 10,
    output: standingLines(grade).join('\n\n'),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
  } as const;
  if (grade.status === 'broken') return { ...common, tests: [notGraded(grade.problem ?? 'the grader broke')] };
  return { ...common, score: grade.points, tests: checksOf(grade).map(testOf) };
}

/** The result to write when the grader itself failed. */
export function gradescopeFailure(problem: string): GradescopeResult {
  return {
    execution_time: 0,
    output: `There is no mark yet, and that is not the student's fault: ${plainLine(problem)}`,
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: [notGraded(problem)],
  };
}

function notGraded(problem: string): GradescopeTest {
  const output = `${plainLine(problem)}\nThis is no mark. The instructor has to run the autograder again.`;
  return { score: 0, max_score: 0, status: 'failed', name: 'Not graded yet', output };
}

function testOf({ milestone, check }: PlacedCheck): GradescopeTest {
  return {
    score: check.points,
    max_score: check.outOf,
    status: check.status === 'pass' ? 'passed' : 'failed',
    name: plainLine(check.title),
    number: `${milestone.id}.${check.number}`,
    output: check.status === 'pass' ? '' : `${STATUS_WORDS[check.status]}\n${findingsAsText(check)}`.trim(),
  };
}
