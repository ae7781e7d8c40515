/** Points: whole, exact, explained, and no loss of points for faults of the machine. */
import { describe, expect, it } from 'vitest';
import { course, findStage, type Stage } from '../../course/course.ts';
import type { JudgedCheck, JudgedMilestone } from '../contract/order.ts';
import { deadlineOf, lateness } from './late.ts';
import { gradeMilestone } from './points.ts';
import { type Rubric, rubricOf } from './rubric.ts';

const stage = findStage(4) as Stage;
const [accept, relay] = stage.milestones.map(({ checks }) => checks);

function sums({ points }: Rubric): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const [key, worth] of points) totals[key.split('/')[0] ?? ''] = (totals[key.split('/')[0] ?? ''] ?? 0) + worth;
  return totals;
}

it('gives every stage 100 points in whole numbers, by its milestones', () => {
  for (const each of course) {
    const rubric = rubricOf(each, '{}');
    expect(
      Object.values(sums(rubric)).reduce((sum, worth) => sum + worth),
      each.folder,
    ).toBe(100);
    expect(Object.values(sums(rubric))).toEqual(each.milestones.map(({ points }) => points));
    expect([...rubric.points.values()].every(Number.isInteger)).toBe(true);
  }
});

it('lets a rubric weigh milestones, and single checks in one or all of them', () => {
  const rubric = rubricOf(stage, '{"milestones": {"4.1": 10, "4.2": 31}, "checks": {"4.2/idle": 20, "listening": 0}}');
  expect(sums(rubric)).toEqual({ '4.1': 10, '4.2': 31 });
  expect(rubric.points.get('4.2/idle')).toBe(20);
  expect(rubric.points.get('4.1/listening')).toBe(0);
  expect(new Set(relay?.filter(({ id }) => id !== 'idle').map(({ id }) => rubric.points.get(`4.2/${id}`)))).toEqual(
    new Set([1, 0]),
  );
});

it('has another version for another mark, and the same for the same', () => {
  expect(rubricOf(stage, '{}').version).toBe(rubricOf(stage, '{ "milestones": {"4.1": 40} }').version);
  expect(rubricOf(stage, '{}').version).not.toBe(rubricOf(stage, '{"late": {"costPerDay": 5}}').version);
});

it.each([
  ['{', 'The rubric is not JSON'],
  ['[]', 'A rubric is an object'],
  ['{"mile": {}}', "A rubric has no 'mile'."],
  ['{"stage": 2}', 'This rubric is for stage 2, and stage 4 is to be graded.'],
  ['{"milestones": {"4.3": 1}}', "There is no milestone of stage 4 called '4.3'. Is '4.1' meant?"],
  ['{"checks": {"idel": 1}}', "There is no check of stage 4 called 'idel'. Is 'idle' meant?"],
  ['{"checks": {"idle": 1.5}}', "The points of 'idle' are a whole number from 0 on; 1.5 is none."],
  ['{"checks": {"idle": -1}}', "The points of 'idle' are a whole number"],
  ['{"checks": {"4.2/idle": 80}}', 'The checks of milestone 4.2 have 80 points by name, and the milestone only 60.'],
  ['{"milestones": {"4.1": 0, "4.2": 0}}', 'Nothing in this rubric gives a point.'],
  ['{"late": {"costPerDay": "ten"}}', "'costPerDay' of 'late' is a number from 0 to 100; \"ten\" is none."],
  ['{"late": {}}', "'costPerDay' of 'late' is a number from 0 to 100; nothing is none."],
  ['{"late": {"costPerDay": 1, "unit": "euro"}}', "'unit' of 'late' is one of percent, points; \"euro\" is none."],
  ['{"flaky": "never"}', "'flaky' is one of majority, pass, fail"],
])('says what is wrong with %s', (text, sentence) => {
  expect(() => rubricOf(stage, text)).toThrow(sentence);
});

describe('a check', () => {
  function points(status: string, attempts: string[], rubric = '{}'): string {
    const json = { id: accept?.[0]?.id, status } as unknown as JudgedCheck['json'];
    const judged: JudgedMilestone = { id: '4.1', ms: 1, checks: [{ json, attempts }] };
    const [check] = gradeMilestone(judged, '', '', rubricOf(stage, rubric)).checks;
    return `${check?.points} of ${check?.outOf}`;
  }

  it.each([
    ['pass', ['pass'], '{}', '8 of 8'],
    ['fail', ['fail'], '{}', '0 of 8'],
    ['pass', ['broken', 'pass'], '{}', '8 of 8'],
    ['broken', ['broken', 'broken', 'broken'], '{}', '0 of 8'],
    ['flaky', ['fail', 'pass', 'pass'], '{}', '8 of 8'],
    ['fail', ['fail', 'pass', 'fail'], '{}', '0 of 8'],
    ['flaky', ['fail', 'pass', 'pass'], '{"flaky": "fail"}', '0 of 8'],
    ['fail', ['fail', 'pass', 'fail'], '{"flaky": "pass"}', '8 of 8'],
    ['flaky', ['fail', 'pass', 'pass'], '{"unsteady": "fail"}', '0 of 8'],
    ['fail', ['out of time'], '{"flaky": "pass"}', '0 of 8'],
  ])('that is %s after %j with %s gives %s', (status, attempts, rubric, expected) => {
    expect(points(status, attempts, rubric)).toBe(expected);
  });

  it('that this machine cannot judge is worth no points, for every student', () => {
    expect(points('skipped', ['skipped'])).toBe('0 of 0');
    expect(points('skipped', ['blocked'])).toBe('0 of 8');
  });
});

describe('being late', () => {
  const policy = { costPerDay: 10, unit: 'percent', most: 25, graceMinutes: 15 } as const;
  const deadline = '2026-11-20T00:00:00.000Z';

  it.each([
    ['2026-11-20T00:15:00.000Z', null],
    ['2026-11-20T00:15:01.000Z', { days: 1, cost: 8 }],
    ['2026-11-21T00:15:00.000Z', { days: 1, cost: 8 }],
    ['2026-11-21T00:16:00.000Z', { days: 2, cost: 17 }],
    ['2026-12-24T00:00:00.000Z', { days: 34, cost: 21 }],
  ])('until %s costs %j of 85 points', (submitted, expected) => {
    expect(lateness(submitted, deadline, policy, 85)).toEqual(expected);
  });

  it('costs points where those are asked for, and never more than there are', () => {
    const points = { costPerDay: 30, unit: 'points', most: 90, graceMinutes: 0 } as const;
    expect(lateness('2026-11-22T00:00:00Z', deadline, points, 85)).toEqual({ days: 2, cost: 60 });
    expect(lateness('2026-11-22T00:00:00Z', deadline, points, 20)).toEqual({ days: 2, cost: 20 });
  });

  it('costs nothing if the time is unknown, or the rubric does not say so', () => {
    expect(lateness(null, deadline, policy, 85)).toBeNull();
    expect(lateness('2027-01-01T00:00:00Z', null, policy, 85)).toBeNull();
    expect(lateness('2026-11-22T00:00:00Z', deadline, null, 85)).toEqual({ days: 2, cost: 0 });
  });

  it('counts late days that cost nothing, from the first on', () => {
    expect(lateness('2026-11-21T00:16:00.000Z', deadline, policy, 85, 1)).toEqual({ days: 2, cost: 8 });
    expect(lateness('2026-11-21T00:16:00.000Z', deadline, policy, 85, 5)).toEqual({ days: 2, cost: 0 });
  });

  it.each([
    [undefined, '2026-11-20T00:00:00.000Z'],
    [{ days: 3 }, '2026-11-23T00:00:00.000Z'],
    [{ until: '2026-12-01T10:00:00.000Z' }, '2026-12-01T10:00:00.000Z'],
  ])('moves the deadline of a student with an extension: %j', (extension, expected) => {
    const allowance = { extension: extension ?? null, lateDays: 0 };
    expect(deadlineOf({ allowance }, '2026-11-20T00:00:00.000Z')).toBe(expected);
  });

  it('has no deadline where only days are granted, and the class has none', () => {
    expect(deadlineOf({ allowance: { extension: { days: 3 }, lateDays: 0 } }, null)).toBeNull();
  });
});
