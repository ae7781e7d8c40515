import { expect, it } from 'vitest';
import { gradeOf } from '../fixtures/class.ts';
import { readStored } from './stored.ts';

it('reads a result of version 1, in which a flaky check is called unsteady', () => {
  const grade = { ...gradeOf('solution', 's01'), basis: { classSeed: 'autumn' } };
  for (const check of grade.milestones.flatMap(({ checks }) => checks).slice(1, 3)) check.status = 'flaky';
  const before = JSON.stringify({ ...grade, version: 1 }).replaceAll('"status":"flaky"', '"status":"unsteady"');
  expect(before).toContain('unsteady');
  expect(readStored(before)).toEqual({ grade: JSON.parse(JSON.stringify(grade)) });
});

it('refuses a result of a later version', () => {
  expect(readStored('{ "version": 99 }')).toEqual({ wrong: 'is of version 99, and this is version 2' });
});
