/** Every format against its published schema, with recorded runs and with hostile output. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'csv-parse/sync';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { root } from '../../root.ts';
import type { ClassGrades } from '../contract/result.ts';
import { brokenGrade, classOf, gradeOf, NASTY_IDS, nastyClass, refusedGrade } from '../fixtures/class.ts';
import { classroom50Schema, ctrfSchema, githubClassroomSchema, gradescopeSchema } from '../fixtures/schemas.ts';
import { anonymised } from './anonymised.ts';
import { classroom50Result, localSource } from './classroom50.ts';
import { gradesCsv } from './csv.ts';
import { ctrfReport } from './ctrf.ts';
import { githubClassroomOutput } from './github-classroom.ts';
import { gradescopeFailure, gradescopeResult } from './gradescope.ts';
import { junitXml } from './junit.ts';

const ajv = new Ajv({ allErrors: true, strictRequired: false });
const schemaOf = (name: string): object => JSON.parse(readFileSync(join(root, 'docs', name), 'utf8'));
const real = classOf(20);
const odd: ClassGrades = { ...real, grades: [brokenGrade('b'), refusedGrade('r')] };
const all: [string, ClassGrades][] = [
  ['real runs', real],
  ['hostile ones', nastyClass()],
  ['what could not be graded', odd],
  ['an empty class', classOf(0)],
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for control characters
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u;

function expectValid(validate: ValidateFunction, data: unknown): void {
  validate(data);
  expect(validate.errors ?? []).toEqual([]);
}

/** By its schema, and by what its runner and its collector check beyond: no score above its maximum, and the same sum. */
function expectClassroom50(validate: ValidateFunction, result: ReturnType<typeof classroom50Result>): void {
  expectValid(validate, JSON.parse(JSON.stringify(result)));
  const tests = result?.tests ?? [];
  for (const test of tests) expect(test.score).toBeLessThanOrEqual(test['max-score']);
  const sum = (key: 'score' | 'max-score') => tests.reduce((total, test) => total + test[key], 0);
  expect([sum('score'), sum('max-score')]).toEqual([result?.score, result?.['max-score']]);
}

/** junit-10.xsd of the Jenkins xUnit plugin (MIT licence), src/main/resources/…/xsd at commit 8c515de2. */
const jenkinsSchema = readFileSync(join(root, 'checkers', 'grade', 'fixtures', 'junit-10.xsd'), 'utf8');

async function jenkinsErrors(xml: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [{ fileName: 'junit-10.xsd', contents: jenkinsSchema }],
    // A class of hundreds with what was printed needs more than the usual 32 MB.
    initialMemoryPages: 512,
    maxMemoryPages: 4096,
  });
  return errors.map(({ message }) => message);
}

it('the schema of Jenkins refuses what it does not know', async () => {
  const [error] = await jenkinsErrors('<testsuites skipped="0"/>');
  expect(error).toContain("The attribute 'skipped' is not allowed");
});

describe.each(all)('of %s', (_, grades) => {
  const each = grades.grades.map((grade) => [grade] as const);

  it('grades.json has the shape that docs/grade-result.schema.json describes', () => {
    const validate = ajv.compile(schemaOf('grade-result.schema.json'));
    expectValid(validate, JSON.parse(JSON.stringify(grades)));
    expectValid(validate, JSON.parse(JSON.stringify(anonymised(grades))));
  });

  it('Gradescope takes results.json', () => {
    const validate = ajv.compile(gradescopeSchema);
    for (const [grade] of each) {
      const result = gradescopeResult(grade);
      expectValid(validate, JSON.parse(JSON.stringify(result)));
      expect(result.score).toBe(grade.status === 'broken' ? undefined : grade.points);
      expect(JSON.stringify(result)).not.toMatch(/\\u00[01]|\\u001b/);
    }
  });

  it('Classroom 50 takes result.json', () => {
    const validate = ajv.compile(classroom50Schema);
    for (const [grade] of each) {
      const result = classroom50Result(grade, localSource(grade));
      if (grade.status === 'broken') expect(result).toBeUndefined();
      else expectClassroom50(validate, result);
    }
  });

  it('Jenkins takes junit.xml by its own schema', async () => {
    expect(await jenkinsErrors(junitXml(grades))).toEqual([]);
  });

  it('GitHub Classroom takes RESULT, and adds its tests up to the mark', () => {
    const validate = ajv.compile(githubClassroomSchema);
    for (const [grade] of each) {
      const result = JSON.parse(Buffer.from(githubClassroomOutput(grade), 'base64').toString('utf8'));
      expectValid(validate, result);
      const sum = result.tests.reduce((total: number, { score }: { score: number }) => total + score, 0);
      expect([sum, result.max_score]).toEqual(grade.status === 'broken' ? [0, 0] : [grade.points, grade.outOf]);
    }
  });

  it('CTRF lists checks and retries', () => {
    const report = ctrfReport(grades);
    expectValid(ajv.compile(ctrfSchema), JSON.parse(JSON.stringify(report)));
    const { tests, passed, failed, skipped, pending, other } = report.results.summary as Record<string, number>;
    expect((passed ?? 0) + (failed ?? 0) + (skipped ?? 0) + (pending ?? 0) + (other ?? 0)).toBe(tests);
  });

  it('JUnit is XML, and counts right', () => {
    const xml = junitXml(grades);
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).not.toMatch(harmful);
    const alwaysLists = (name: string): boolean => ['testsuite', 'testcase'].includes(name);
    const read = new XMLParser({ ignoreAttributes: false, isArray: alwaysLists }).parse(xml).testsuites;
    const cases: Record<string, unknown>[] = (read.testsuite ?? []).flatMap(
      (suite: { testcase: Record<string, unknown>[] }) => suite.testcase,
    );
    const counted = ['failure', 'error', 'skipped'].map((kind) => cases.filter((one) => kind in one).length);
    const skipped = (read.testsuite ?? []).map((suite: Record<string, string>) => Number(suite['@_skipped']));
    expect([cases.length, ...counted].map(String)).toEqual([
      ...[read['@_tests'], read['@_failures'], read['@_errors']],
      String(skipped.reduce((sum: number, count: number) => sum + count, 0)),
    ]);
  });

  it('grades.csv reads back, one row for each, and no cell is a formula', () => {
    const rows: string[][] = parse(gradesCsv(grades), { bom: true });
    expect(rows).toHaveLength(grades.grades.length + 1);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^[\s]*[=+\-@\t\r]/);
      expect(cell).not.toMatch(harmful);
    }
  });
});

describe('grades.csv', () => {
  it('keeps plain text as it is, and marks what a spreadsheet would run', () => {
    const rows: Record<string, string>[] = parse(gradesCsv(nastyClass()), { columns: true, bom: true });
    expect(rows.map(({ id }) => id)).toEqual(
      [
        "'=1+1",
        "'+1",
        "'-rf",
        "'@sum",
        'a b',
        'a b',
        '../../etc/passwd',
        'Alice',
        'alice',
        '王小明',
        'x'.repeat(300),
      ].concat(['"><script>alert(1)</script>', 'red', "'=1", "o'neill", 'con', '__proto__', '']),
    );
    expect(rows).toHaveLength(NASTY_IDS.length);
  });

  it('leaves the cell empty where there is no mark', () => {
    const rows: Record<string, string>[] = parse(gradesCsv(odd), { columns: true, bom: true });
    expect(rows.map(({ points }) => points)).toEqual(['', '0']);
  });
});

describe('results for other systems', () => {
  it('every failed check carries its replay command', () => {
    const grade = gradeOf('utf8', 'ada');
    const failed = gradescopeResult(grade).tests.filter(({ output }) => output.startsWith('failed'));
    expect(failed.length).toBeGreaterThan(0);
    for (const { output } of failed) expect(output).toMatch(/See it again: npm run milestone 4\.\d only \d+ seed \w+/);
  });

  it('Gradescope learns that there is no mark when the grader came to grief', () => {
    const failure = gradescopeFailure('the disk is full');
    expectValid(ajv.compile(gradescopeSchema), failure);
    expect(failure.output).toContain('the disk is full');
    expect(failure.score).toBeUndefined();
  });

  it.each([
    ['late days', { points: 72, late: { days: 2, cost: 10 } }, /2 days late, 10 points off/],
    ['late days that cost all', { points: 0, late: { days: 9, cost: 82 } }, /9 days late/],
    ['an adjustment upwards', { points: 84 }, /adjusted/],
    ['more points than there are', { points: 200, outOf: 100 }, /adjusted/],
  ])('the tests of Classroom 50 add up to the mark with %s', (_, more, message) => {
    const grade = gradeOf('close-client-only', 'ada');
    const result = classroom50Result({ ...grade, ...more, outOf: grade.outOf }, localSource(grade));
    expectClassroom50(ajv.compile(classroom50Schema), result);
    expect(result?.score).toBe(Math.min(more.points, grade.outOf));
    const changed = result?.tests.filter((test) => test.message !== undefined) ?? [];
    expect(changed.length).toBeGreaterThan(0);
    for (const test of changed) expect(test.message).toMatch(message);
  });

  it('Classroom 50 gets no empty text, even of a student without an id', () => {
    const grade = gradeOf('utf8', '', { versions: { submission: '', checks: '', rubric: '' } });
    expectClassroom50(ajv.compile(classroom50Schema), classroom50Result(grade, localSource(grade)));
  });

  it('the schema of a check is that of a milestone, with its points', () => {
    const milestone = schemaOf('milestone-result.schema.json') as { definitions: { check: { required: string[] } } };
    const grade = schemaOf('grade-result.schema.json') as typeof milestone;
    expect(grade.definitions.check.required).toEqual([
      ...milestone.definitions.check.required,
      ...['points', 'outOf', 'attempts'],
    ]);
    expect(grade.definitions.check).toMatchObject({
      properties: (milestone.definitions.check as { properties?: object }).properties,
    });
  });
});
