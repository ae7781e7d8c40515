/** The guarantees of a batch, tested with a fake judge. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SubmissionGrade } from '../contract/result.ts';
import { runBatch } from './batch.ts';
import { type FakeGrader, withCheck } from './fake-grader.ts';
import { batchIn, fakeClass, fakeSubmission, order, soundGrader, temporaryFolder } from './fixtures.ts';
import { gradeSafely } from './grade-safely.ts';

const folder = temporaryFolder();
let folders = 0;
const freshFolder = () => {
  folders += 1;
  return join(folder, `batch-${folders}`);
};
/** Calls one function a given number of times, then another. */
const takeTurns = <A, B>(times: number, first: (value: A) => B, then: (value: A) => B) => {
  let calls = 0;
  return (value: A): B => {
    calls += 1;
    return (calls > times ? then : first)(value);
  };
};
const ofStudents = (graded: string[]) => graded.filter((id) => id.startsWith('s'));

it('grades every submission once, between canaries, and stores each result in its own file', async () => {
  const grader = soundGrader();
  const batch = batchIn(freshFolder(), grader);
  const { fresh, kept, rounds } = await runBatch(batch);
  expect({ fresh, kept }).toEqual({ fresh: 12, kept: 0 });
  expect(ofStudents(grader.graded).toSorted()).toEqual(fakeClass(12).map(({ student }) => student.id));
  expect(rounds.map(({ moment, trouble }) => [moment, trouble])).toEqual([
    ['start', null],
    ['middle', null],
    ['end', null],
  ]);
  expect(readdirSync(join(batch.store.folder, 'results'))).toHaveLength(12);
  expect(batch.store.all().map(({ points }) => points)).toEqual(Array(12).fill(10));
});

it('never runs more at a time than requested', async () => {
  const grader = soundGrader();
  let [running, most] = [0, 0];
  const { grade } = grader;
  grader.msEach = 5;
  grader.grade = async (...args) => {
    running += 1;
    most = Math.max(most, running);
    return grade(...args).finally(() => {
      running -= 1;
    });
  };
  await runBatch(batchIn(freshFolder(), grader, { atOnce: 4, submissions: fakeClass(20) }));
  expect(most).toBe(4);
});

it('resumes without grading anything twice', async () => {
  const place = freshFolder();
  await runBatch(batchIn(place, soundGrader(), { submissions: fakeClass(5) }));
  const second = soundGrader();
  const outcome = await runBatch(batchIn(place, second));
  expect(outcome).toMatchObject({ fresh: 7, kept: 5 });
  expect(ofStudents(second.graded).toSorted()[0]).toBe('s06');
  const third = soundGrader();
  await runBatch(batchIn(place, third));
  // Nothing to grade, nothing to prove.
  expect(third.graded).toEqual([]);
});

it.each<[string, (grader: ReturnType<typeof soundGrader>) => object]>([
  ['the files of one', (grader) => grader.files.set('s03', 'others') && {}],
  ['the name of one is kept up without grading', () => ({})],
])('after a change of %s grades only that one', async (what, change) => {
  const place = freshFolder();
  await runBatch(batchIn(place, soundGrader()));
  const grader = soundGrader();
  change(grader);
  const submissions = fakeClass(12);
  if (what.startsWith('the name')) submissions[0] = { ...fakeSubmission('s01'), student: { id: 's01', name: 'Ada' } };
  const batch = batchIn(place, grader, { submissions });
  await runBatch(batch);
  expect(ofStudents(grader.graded)).toEqual(what.startsWith('the files') ? ['s03'] : []);
  if (what.startsWith('the name')) expect(batch.store.all()[0]?.student.name).toBe('Ada');
});

it.each<[string, object]>([
  ['seed', { classSeed: 'spring' }],
  ['deadline', { deadline: '2026-09-01T00:00:00.000Z' }],
  ['stage', { stage: 3 }],
])('grades all again with another %s', async (_, change) => {
  const place = freshFolder();
  await runBatch(batchIn(place, soundGrader()));
  const outcome = await runBatch(batchIn(place, soundGrader(), { order: { ...order, ...change } }));
  expect(outcome).toMatchObject({ fresh: 12, kept: 0 });
});

it.each<'checks' | 'rubric'>(['checks', 'rubric'])('grades all again with another version of the %s', async (what) => {
  const place = freshFolder();
  await runBatch(batchIn(place, soundGrader()));
  const grader = soundGrader();
  grader[what] = 'new';
  expect(await runBatch(batchIn(place, grader))).toMatchObject({ fresh: 12, kept: 0 });
});

it('retries a broken grade once, and again on resume', async () => {
  const place = freshFolder();
  const grader = soundGrader();
  grader.special.set('s02', (grade) => ({ ...grade, status: 'broken', problem: 'no python3', points: 0 }));
  grader.special.set('s04', () => {
    throw new Error('a slip');
  });
  const batch = batchIn(place, grader);
  expect(await runBatch(batch)).toMatchObject({ fresh: 12 });
  expect(ofStudents(grader.graded).filter((id) => id === 's02')).toHaveLength(2);
  const slip = batch.store.all().find(({ student }) => student.id === 's04');
  expect(slip).toMatchObject({ status: 'broken', problem: 'The grader itself failed: a slip' });
  const second = soundGrader();
  await runBatch(batchIn(place, second));
  expect(ofStudents(second.graded)).toEqual(['s02', 's04']);
});

it('grades no submission when the solution fails at the start', async () => {
  const grader = soundGrader();
  grader.special.set('canary-solution', withCheck('relays', 'fail'));
  const batch = batchIn(freshFolder(), grader);
  const { fresh, rounds } = await runBatch(batch);
  expect(fresh).toBe(0);
  expect(rounds.map(({ trouble }) => trouble)).toEqual(['our own solution fails 4.1 relays.']);
  expect(batch.store.all()).toEqual([]);
});

it('voids the grades since the last healthy canaries, and resume grades them again', async () => {
  const grader = soundGrader();
  const place = freshFolder();
  grader.special.set('canary-solution', takeTurns(1, withCheck('relays', 'pass'), withCheck('relays', 'fail')));
  const batch = batchIn(place, grader);
  const { rounds } = await runBatch(batch);
  expect(rounds.map(({ moment }) => moment)).toEqual(['start', 'middle']);
  const grades = batch.store.all();
  expect(grades.length).toBeGreaterThanOrEqual(6);
  expect(grades.length).toBeLessThan(12);
  for (const grade of grades) {
    expect(grade).toMatchObject({ status: 'broken', points: 0 });
    expect(grade.problem).toContain('while this was graded, our own solution fails 4.1 relays.');
  }
  expect(await runBatch(batchIn(place, soundGrader()))).toMatchObject({ fresh: 12, kept: 0 });
});

it('says when a wrong program passes, and keeps what canaries have confirmed', async () => {
  const grader = soundGrader();
  grader.special.set('canary-echo', takeTurns(2, withCheck('relays', 'fail'), withCheck('relays', 'pass')));
  const batch = batchIn(freshFolder(), grader);
  const { rounds } = await runBatch(batch);
  expect(rounds.at(-1)).toMatchObject({ moment: 'end', trouble: 'canary-echo, a buggy program, passes 4.1 relays.' });
  const statuses = batch.store.all().map(({ status }) => status);
  expect(statuses.slice(0, 4)).toEqual(Array(4).fill('graded'));
  expect(statuses.at(-1)).toBe('broken');
});

it('notices drifting times, and tolerates small differences', async () => {
  const slow = async (ms: number) => {
    const grader = soundGrader();
    const pass = withCheck('relays', 'pass');
    const lasting = (time: number) => (grade: SubmissionGrade) => ({ ...pass(grade), ms: time });
    grader.special.set('canary-solution', takeTurns(2, lasting(4000), lasting(ms)));
    return (await runBatch(batchIn(freshFolder(), grader))).rounds.at(-1)?.trouble;
  };
  expect(await slow(12_000)).toBeNull();
  expect(await slow(40_000)).toContain('our own solution took 40 s, and 4 s at the start');
});

it('stops on request, and loses only the submissions that were running', async () => {
  const abort = new AbortController();
  const grader = soundGrader();
  grader.msEach = 20;
  const batch = batchIn(freshFolder(), grader, {
    signal: abort.signal,
    onEvent: (event) => event.kind === 'graded' && event.grade.student.id === 's05' && abort.abort(),
  });
  const { fresh } = await runBatch(batch);
  expect(batch.store.all()).toHaveLength(fresh);
  expect(fresh).toBeGreaterThanOrEqual(3);
  expect(fresh).toBeLessThan(9);
});

it('does not wait for a judge that never ends', async () => {
  const grader = soundGrader();
  grader.grade = () => new Promise(() => {});
  const signal = new AbortController().signal;
  const grade = await gradeSafely(grader, fakeSubmission('s01'), order, signal, 50);
  expect(grade).toMatchObject({ status: 'broken', problem: 'The grader did not finish in time.' });
});

it('sets damaged and foreign files aside, with a sentence for each, and grades those again', async () => {
  const place = freshFolder();
  const { store } = batchIn(place, soundGrader());
  await runBatch(batchIn(place, soundGrader()));
  const file = (name: string) => join(place, 'results', name);
  const whole = readFileSync(file('s01.json'), 'utf8');
  writeFileSync(file('s01.json'), whole.slice(0, 200));
  writeFileSync(file('s02.json'), '');
  writeFileSync(file('s03.json'), '{"score":100}');
  writeFileSync(file('s04.json'), whole);
  writeFileSync(file('s05.json'), whole.replace('"version": 2', '"version": 9'));
  writeFileSync(file('notes.txt'), 'hello');
  const halves = [file('.s06.json.123.unfinished'), join(place, 'feedback', '.s06.html.123.unfinished')];
  mkdirSync(join(place, 'feedback'));
  for (const half of halves) writeFileSync(half, 'half');
  const notes = store.tidy(new Set(fakeClass(11).map(({ student }) => student.id)));
  expect(notes.map((note) => note.split(', so it was put aside')[0])).toEqual([
    'results/notes.txt is not whole JSON',
    'results/s01.json is not whole JSON',
    'results/s02.json is empty',
    'results/s03.json is not a result of this grader',
    'results/s04.json holds the result of s01, whose file has another name',
    'results/s05.json is of version 9, and this is version 2',
    'results/s12.json is of s12, who is not in this class',
  ]);
  expect(readdirSync(join(place, 'aside'))).toHaveLength(7);
  expect(halves.filter((half) => existsSync(half))).toEqual([]);
  expect(await runBatch(batchIn(place, soundGrader(), { submissions: fakeClass(11) }))).toMatchObject({ fresh: 5 });
});

it('ends with a message when the results folder is removed during the batch', async () => {
  const place = freshFolder();
  const batch = batchIn(place, soundGrader(), {
    onEvent: (event) => event.kind === 'graded' && rmSync(place, { recursive: true, force: true }),
  });
  await expect(runBatch(batch)).rejects.toThrow('its folder was removed meanwhile');
});

it('grades the same programs one after the other, and in one lane only where the first verdict is certain', async () => {
  const twin = { first: 's02' };
  const submissions = fakeClass(12).map((one) =>
    ['s02', 's07', 's11'].includes(one.student.id) ? { ...one, twin } : one,
  );
  const graded = async (special?: Parameters<FakeGrader['special']['set']>[1]) => {
    const grader = soundGrader();
    if (special) grader.special.set('s02', special);
    const batch = batchIn(freshFolder(), grader, { submissions, atOnce: 1 });
    const { fresh } = await runBatch(batch);
    expect([fresh, batch.store.all().length]).toEqual([12, 12]);
    return ofStudents(grader.graded);
  };
  expect((await graded()).slice(0, 5)).toEqual(['s01', 's02', 's07', 's11', 's03']);
  const flaky = (grade: SubmissionGrade): SubmissionGrade => {
    const found = withCheck('relays', 'pass')(grade);
    for (const check of found.milestones[0]?.checks ?? []) check.attempts = ['fail', 'pass', 'pass'];
    return found;
  };
  const apart = await graded(flaky);
  expect([apart.slice(0, 3), apart.slice(-2)]).toEqual([
    ['s01', 's02', 's03'],
    ['s07', 's11'],
  ]);
});
