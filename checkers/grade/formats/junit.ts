/** JUnit's XML of a class: a suite for each student. */
import type { CheckGrade, ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { findingsAsText } from './findings.ts';
import { checksOf, type PlacedCheck } from './phrases.ts';
import { plainText } from './plain.ts';

/** The file. Points are properties: the format has no word for them. */
export function junitXml({ grades }: ClassGrades): string {
  const suites = grades.map(suiteOf);
  const total = suites.reduce((sum, { counts }) => added(sum, counts), NOTHING);
  const inner = suites.map(({ text }) => text).join('\n');
  // Jenkins' schema has no `skipped` here, only in each suite.
  const { skipped: _, ...head } = inWords(total);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'grades', ...head })}>\n${inner}\n</testsuites>\n`;
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  ms: number;
}

const NOTHING: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0, ms: 0 };

function suiteOf(grade: SubmissionGrade): { text: string; counts: Counts } {
  const cases = grade.status === 'graded' ? checksOf(grade).map(caseOf) : [noCase(grade)];
  const counts = { ...cases.map((one) => one.counts).reduce(added, NOTHING), ms: grade.ms };
  const properties = {
    status: grade.status,
    ...(grade.status === 'broken' ? {} : { score: grade.points }),
    'max-score': grade.outOf,
    seed: grade.seed,
    isolation: grade.isolation,
    checks: grade.versions.checks,
    rubric: grade.versions.rubric,
    submission: grade.versions.submission,
  };
  const head = { name: grade.student.id, ...inWords(counts), timestamp: grade.startedAt.slice(0, 19) };
  const lines = [
    `  <testsuite${attributes(head)}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...cases.map(({ text }) => text),
    '  </testsuite>',
  ];
  return { text: lines.join('\n'), counts };
}

function caseOf({ milestone, check }: PlacedCheck): { text: string; counts: Counts } {
  const head = { name: check.title, classname: `milestone ${milestone.id}`, time: seconds(check.ms) };
  const inner = outcome(check);
  const text =
    inner === '' ? `    <testcase${attributes(head)}/>` : `    <testcase${attributes(head)}>${inner}</testcase>`;
  return { text, counts: { ...countOf(check), ms: check.ms } };
}

function outcome(check: CheckGrade): string {
  const message = check.cause ?? check.observed ?? check.reason ?? '';
  if (check.status === 'pass') return '';
  if (check.status === 'skipped') return `<skipped${attributes({ message })}/>`;
  const name = check.status === 'broken' ? 'error' : 'failure';
  return `<${name}${attributes({ message, type: check.causeId ?? check.status })}>${escaped(findingsAsText(check))}</${name}>`;
}

function countOf({ status }: CheckGrade): Counts {
  const failures = status === 'fail' || status === 'flaky' ? 1 : 0;
  return { tests: 1, failures, errors: status === 'broken' ? 1 : 0, skipped: status === 'skipped' ? 1 : 0, ms: 0 };
}

/** A submission that could not be judged: a failure if it is at fault, an error if the grader is. */
function noCase({ status, problem }: SubmissionGrade): { text: string; counts: Counts } {
  const broken = status === 'broken';
  const inner = `<${broken ? 'error' : 'failure'}${attributes({ message: problem ?? '', type: status })}/>`;
  const head = { name: 'can be graded', classname: 'submission', time: '0' };
  const text = `    <testcase${attributes(head)}>${inner}</testcase>`;
  return { text, counts: { tests: 1, failures: broken ? 0 : 1, errors: broken ? 1 : 0, skipped: 0, ms: 0 } };
}

function added(one: Counts, other: Counts): Counts {
  return {
    tests: one.tests + other.tests,
    failures: one.failures + other.failures,
    errors: one.errors + other.errors,
    skipped: one.skipped + other.skipped,
    ms: one.ms + other.ms,
  };
}

function inWords({ ms, ...counts }: Counts): Omit<Counts, 'ms'> & { time: string } {
  return { ...counts, time: seconds(ms) };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** XML cannot contain control characters, not even escaped. */
function escaped(text: string): string {
  return plainText(text).replace(/[&<>"\n]/g, (character) => entities[character] ?? '');
}
