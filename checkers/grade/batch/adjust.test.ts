/** Marks that a person changes, and groups that share one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GRADE_VERSION } from '../contract/result.ts';
import { brokenGrade, gradeOf } from '../fixtures/class.ts';
import { folderForEachTest } from '../fixtures/folder.ts';
import { gradesCsv } from '../formats/csv.ts';
import { standingLines } from '../formats/standing.ts';
import { type Adjusted, adjustedIn, joinedAdjustments, keepAdjustments, readAdjustments } from './adjust.ts';
import { runBatch } from './batch.ts';
import { movedMarks } from './compare.ts';
import { batchIn, fakeSubmission, order, soundGrader } from './fixtures.ts';
import type { StoredGrade } from './grader.ts';
import { replayPath } from './replays.ts';

const here = folderForEachTest();

const basis = { classSeed: 's', deadline: null, submittedAt: null };

function adjusted(text: string, ...grades: StoredGrade[]): StoredGrade[] {
  const file = join(here(), 'mine.csv');
  writeFileSync(file, text);
  keepAdjustments(here(), readAdjustments(file));
  return adjustedIn(here(), grades);
}

function stored(id: string, points: number): StoredGrade {
  return { ...gradeOf('solution', id, { points, outOf: 100 }), basis };
}

it('adds and takes off points, and says so in feedback, table and comparison', () => {
  const before = [stored('a', 80), stored('b', 3), stored('=c', 50)];
  const rows = 'ID;Points;Reason;Who\na;+5;talked it through;KL\na;-1;style;\nb;-10;copied;KL\n=c;1;=1+1;\n';
  const after = adjusted(rows, ...before);
  expect(after.map(({ points }) => points)).toEqual([84, 0, 51]);
  expect(standingLines(after[0] as StoredGrade).slice(1, 3)).toEqual([
    'Adjusted by +5 points: talked it through (KL).',
    'Adjusted by -1 point: style.',
  ]);
  const csv = gradesCsv({ version: GRADE_VERSION, stage: 4, classSeed: '', grades: after });
  expect(csv).toContain('adjusted');
  expect(movedMarks(before, after)[1]).toMatchObject({
    id: 'a',
    by: 4,
    why: ['adjusted: nothing before, +5 points: talked it through (KL), -1 point: style now'],
  });
  // What a spreadsheet would run is text in the kept file, and still the same id when it is read again.
  expect(readFileSync(join(here(), 'adjust.csv'), 'utf8')).toContain("'=c,1,'=1+1");
  expect(adjustedIn(here(), [stored('=c', 1)])[0]?.points).toBe(2);
});

it('counts an adjustment once that several parts of a class keep, and twice if each has it twice', () => {
  const [one, other] = ['a', 'b'].map((id) => ({ id, points: 1, reason: 'talk', who: 'KL' })) as [Adjusted, Adjusted];
  expect(joinedAdjustments([[one, other], [one, other], []])).toEqual([one, other]);
  expect(
    joinedAdjustments([
      [one, one],
      [other, one],
    ]),
  ).toEqual([one, one, other]);
});

it('gives no mark where there is none', () => {
  const broken = { ...brokenGrade('a'), basis };
  expect(adjusted('id,points,reason\na,5,x\n', broken)[0]).toMatchObject({ status: 'broken', points: broken.points });
});

it.each([
  [
    'id,points,reason\na,half,x\n',
    'line 2: an id, whole points and a reason are needed. Expected: id,points,reason,who',
  ],
  ['id,points,reason\na,5,\n', 'line 2: an id, whole points and a reason'],
  ['name,points\na,5\n', 'line 2: an id'],
  ['id,points,reason\n"a,5,x\n', 'line '],
])('says what is wrong with a file: %j', (text, message) => {
  expect(() => adjusted(text)).toThrow(message);
});

it('a group is judged once, and its members share the mark, the seed and the replays', async () => {
  const grader = soundGrader();
  const group = { name: 'team', first: 'm1' };
  const submissions = ['m1', 'm2', 'x1'].map((id) => ({ ...fakeSubmission(id), ...(id !== 'x1' && { group }) }));
  const replays = join(here(), 'replays');
  mkdirSync(replays);
  const batch = batchIn(here(), grader, { submissions, order: { ...order, replays } });
  await runBatch(batch);
  const all = batch.store.all();
  expect(all.map(({ student }) => student.id)).toEqual(['m1', 'm2', 'x1']);
  const [first, second] = all;
  expect({ ...second, student: first?.student }).toEqual(first);
  for (const { id } of first?.milestones ?? []) writeFileSync(replayPath(replays, 'm1', id), 'page');
  await runBatch(batch);
  for (const { id } of first?.milestones ?? []) {
    expect(readFileSync(replayPath(replays, 'm2', id), 'utf8')).toBe('page');
  }
});
