/** A limit on parallel tasks, and extra tasks while processors are idle. */
import { expect, it } from 'vitest';
import { idleShare } from './idle.ts';
import { inPool } from './pool.ts';

const never = new AbortController().signal;

/** Tasks that end on request, and a count of the running ones. */
function tasks(count: number) {
  const ends: (() => void)[] = [];
  const task = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
  return { items: Array.from({ length: count }, (_, index) => index), task, ends };
}

/** Runs all pending callbacks. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function endAll(ends: (() => void)[], count: number): Promise<void> {
  for (let ended = 0; ended < count; ) {
    ended += ends.splice(0).map((end) => end()).length;
    await turn();
  }
}

it('starts one more task after each idle sample, up to a limit', async () => {
  const { items, task, ends } = tasks(10);
  const looks: ((free: boolean) => void)[] = [];
  const isFree = (): Promise<boolean> => new Promise((resolve) => looks.push(resolve));
  const done = inPool(items, 2, never, task, { tasks: 2, isFree });
  const running: number[] = [];
  for (const free of [false, true, false, true, true]) {
    looks.shift()?.(free);
    await turn();
    running.push(ends.length);
  }
  expect(running).toEqual([2, 3, 3, 4, 4]);
  ends.shift()?.();
  await turn();
  looks.shift()?.(false);
  const ending = endAll(ends, 9);
  for (let look = 0; look < 20; look += 1) {
    looks.shift()?.(false);
    await turn();
  }
  await ending;
  await done;
  expect(ends).toEqual([]);
});

it('also waits for the extra tasks, and passes on their errors', async () => {
  const free = async (): Promise<boolean> => {
    await turn();
    return true;
  };
  const fails = async (item: number): Promise<void> => {
    await turn();
    if (item === 2) throw new Error('the third');
  };
  await expect(inPool([0, 1, 2, 3], 1, never, fails, { tasks: 3, isFree: free })).rejects.toThrow('the third');
});

it('computes the idle share of the processors', () => {
  const at = (user: number, idle: number) => [{ times: { user, nice: 0, sys: 0, irq: 0, idle } }];
  expect(idleShare(at(100, 100), at(175, 125))).toBe(0.25);
  expect(idleShare(at(100, 100), at(100, 100))).toBe(0);
});
