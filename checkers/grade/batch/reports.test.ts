/** Other systems' files tell when a hand-in came and how long grading took; the class's tables leave it out. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { gradeOf } from '../fixtures/class.ts';
import { writeAllReports } from './reports.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

it('Gradescope gets the seconds, Classroom 50 the time of handing in, and where that is unknown the time of grading', async () => {
  const ada = {
    ...gradeOf('utf8', 'ada', { ms: 12_345, startedAt: '2026-10-02T08:00:00.000Z' }),
    basis: { classSeed: 's', deadline: null, submittedAt: '2026-10-01T21:00:00.000Z' },
  };
  const ben = gradeOf('utf8', 'ben', { startedAt: '2026-10-02T08:00:00.000Z' });
  await writeAllReports({ folder, stage: 4, classSeed: 's', grades: [ada, ben], anonymise: true });
  expect(read('gradescope/ada.json').execution_time).toBe(12.3);
  expect(read('classroom50/ada.json').datetime).toBe('2026-10-01T21:00:00Z');
  expect(read('classroom50/ben.json').datetime).toBe('2026-10-02T08:00:00Z');
  expect(read('grades.json').grades.map(({ ms }: { ms: number }) => ms)).toEqual([0, 0]);
});
