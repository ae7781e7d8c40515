/** Programs that were handed in more than once are judged once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findStage, type Stage } from '../course/course.ts';
import { skeletonOf } from '../course/skeleton.ts';
import { Answers, TWIN_NOTE } from './answers.ts';
import type { JudgedCheck, WorkerAnswer } from './contract/order.ts';
import { studentSeed } from './contract/seed.ts';
import type { Submission } from './contract/submission.ts';
import { folderForEachTest } from './fixtures/folder.ts';
import { gradeOne } from './grade-one.ts';
import { withTwins } from './intake/twins.ts';

const here = folderForEachTest();
const stage = findStage(1) as Stage;

function handIn(id: string, files: Record<string, string>, more: Partial<Submission> = {}): Submission {
  const path = join(here(), id);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { student: { id, name: id }, path, kind: 'folder', submittedAt: null, ...more };
}

function answer(attempts: string[], more: Partial<WorkerAnswer> = {}): WorkerAnswer {
  const checks = [{ attempts, json: {} } as JudgedCheck];
  return { milestones: [{ id: '1.1', ms: 1, checks }], notes: [], broken: null, ...more };
}

describe('the same programs in a class', () => {
  it('are found by what is graded, wherever it lies, and by all of its bytes', async () => {
    const manifest = { 'workshop.json': '{"run": "./a"}', a: 'x' };
    const all = await withTwins(
      [
        handIn('a', { 'server.ts': 'mine' }),
        handIn('b', { 'work/server.ts': 'mine', 'notes.txt': 'other' }),
        handIn('c', { 'server.ts': 'mine ' }),
        handIn('d', manifest),
        handIn('e', { ...manifest, a: 'y' }),
        handIn('f', manifest),
        handIn('g', {}, { kind: 'missing' }),
        handIn('h', { 'notes.txt': 'mine' }),
        handIn('i', { 'notes.txt': 'mine' }),
      ],
      stage,
    );
    const twins = all.flatMap(({ student, twin }) => (twin ? [`${student.id} like ${twin.first}`] : []));
    expect(twins).toEqual(['a like a', 'b like a', 'd like d', 'f like d']);
  });

  it('of a group alone are none', async () => {
    const group = { name: 'team', first: 'a' };
    const team = ['a', 'b'].map((id) => handIn(id, { 'server.ts': 'mine' }, { group }));
    expect((await withTwins(team, stage)).map(({ twin }) => twin)).toEqual([undefined, undefined]);
    const other = handIn('c', { 'server.ts': 'mine' });
    expect((await withTwins([...team, other], stage)).map(({ twin }) => twin?.first)).toEqual(['a', 'a', 'a']);
  });

  it('have one verdict, the seed of the first, and a note; what is each student’s own stays', async () => {
    const text = skeletonOf(stage);
    const late = '2026-10-02T00:00:00.000Z';
    const handed = [handIn('a', { 'server.ts': text }), handIn('b', { 'x/server.ts': text }, { submittedAt: late })];
    const order = { stage: 1, classSeed: 's', rubric: null, isolation: 'process-group' as const, patience: 0.3 };
    const [one, other] = await Promise.all(
      (await withTwins(handed, stage)).map((all) => gradeOne(all, { ...order, deadline: '2026-10-01T00:00:00.000Z' })),
    );
    expect(other?.milestones).toEqual(one?.milestones);
    expect([one?.seed, other?.seed]).toEqual([studentSeed('s', 'a'), studentSeed('s', 'a')]);
    expect([one?.file, other?.file]).toEqual(['server.ts', 'x/server.ts']);
    expect([one?.late ?? null, other?.late?.days]).toEqual([null, 1]);
    for (const grade of [one, other]) expect(grade?.notes).toContain(TWIN_NOTE);
  }, 120_000);
});

describe('an answer', () => {
  const asked = async (first: WorkerAnswer | Error, key = 'k') => {
    const answers = new Answers();
    let count = 0;
    const ask = async () => {
      count += 1;
      if (count === 1 && first instanceof Error) throw first;
      return count === 1 ? (first as WorkerAnswer) : answer(['pass']);
    };
    const both = await Promise.allSettled([answers.get('k', ask), answers.get(key, ask)]);
    return [count, both.map(({ status }) => status)];
  };
  const done = ['fulfilled', 'fulfilled'];

  it.each<[string, WorkerAnswer | Error, unknown[]]>([
    ['is taken for all', answer(['pass']), [1, done]],
    ['is taken for all, also where it failed', answer(['fail']), [1, done]],
    ['is taken where other ports are needed', answer([], { mayInsist: true, milestones: [] }), [1, done]],
    ['is for one alone where a check was flaky', answer(['fail', 'pass', 'pass']), [2, done]],
    ['is for one alone where the time was over', answer(['out of time']), [2, done]],
    ['is for one alone where the grader failed', answer(['pass'], { broken: 'no python3' }), [2, done]],
    ['that never came is asked for again', new Error('the worker was killed'), [2, ['rejected', 'fulfilled']]],
  ])('%s', async (_, first, due) => {
    expect(await asked(first)).toEqual(due);
  });

  it('is for one program, seed and order alone', async () => {
    expect(await asked(answer(['pass']), 'other')).toEqual([2, done]);
  });
});
