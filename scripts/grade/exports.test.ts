/** A class of 42 in the form of each platform, taken in and judged: the same marks, whatever it came as. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import {
  EXPORT_FORMS,
  exportFiles,
  membersOf,
  peopleCsv,
  writeExport,
} from '../../checkers/grade/batch/generated-export.ts';
import { inPool } from '../../checkers/grade/batch/pool.ts';
import type { SubmissionGrade } from '../../checkers/grade/contract/result.ts';
import type { GradeOrder } from '../../checkers/grade/contract/submission.ts';
import { gradeOne } from '../../checkers/grade/grade-one.ts';
import { takeIn } from '../../checkers/grade/intake/find.ts';
import { withTwins } from '../../checkers/grade/intake/twins.ts';
import { mutants } from '../../checkers/mutants/index.ts';

const stage = findStage(1) as Stage;
const folder = mkdtempSync(join(tmpdir(), 'workshop-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Of the first program some students are not on the list, so their ids and seeds differ from form to form.
const late = mutants.find(({ milestone }) => milestone === '1.2')?.id ?? '';
const early = mutants.find(({ milestone }) => milestone === '1.1')?.id ?? '';
const members = membersOf(stage, 42, 'forms', ['skeleton', 'solution', late, early]);
const people = join(folder, 'people.csv');
writeFileSync(people, peopleCsv(members));
const rubric = join(folder, 'rubric.json');
writeFileSync(rubric, JSON.stringify({ stage: 1, late: { costPerDay: 10, unit: 'points', most: 50 } }));
const order: GradeOrder = {
  ...{ stage: 1, classSeed: 'forms', rubric, deadline: '2026-10-01T22:00:00.000Z', patience: 0.3 },
  isolation: 'process-group',
};

/** Mark and lateness by student, of those on the list; of the others, only the marks. */
async function marksOf(form: string): Promise<{ listed: [string, number, number][]; others: number[] }> {
  const place = join(folder, form);
  mkdirSync(place);
  writeExport(exportFiles(stage, form, members), place);
  const { submissions, unlisted } = await takeIn(place, { roster: people, zone: 'Z' });
  const grades: SubmissionGrade[] = [];
  await inPool(await withTwins(submissions, stage), 3, new AbortController().signal, async (submission) => {
    grades.push(await gradeOne(submission, order));
  });
  expect(grades.map(({ status }) => status)).toEqual(Array(42).fill('graded'));
  const strangers = new Set(unlisted.map(({ id }) => id));
  const isListed = ({ student }: SubmissionGrade): boolean => !strangers.has(student.id);
  const mark = ({ student, points, late: found }: SubmissionGrade): [string, number, number] => [
    student.id,
    points,
    found?.days ?? 0,
  ];
  return {
    listed: grades.filter(isListed).map(mark).toSorted(),
    others: grades.filter((grade) => !isListed(grade)).map(({ points }) => points),
  };
}

it('gives the same students the same marks in each form', { timeout: 300_000 }, async () => {
  const [first, ...rest] = EXPORT_FORMS;
  const due = await marksOf(first ?? '');
  expect(due.listed).toHaveLength(40);
  expect(due.others).toEqual([0, 0]);
  const byProgram = new Map(members.map(({ login, program }) => [login, program]));
  for (const [id, points, days] of due.listed) {
    if (days === 0) expect([id, points === 100]).toEqual([id, byProgram.get(id) === 'solution']);
  }
  expect(due.listed.some(([, , days]) => days > 0)).toBe(true);
  for (const form of rest) expect([form, await marksOf(form)]).toEqual([form, due]);
});
