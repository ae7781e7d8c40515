/** Every bad submission gets what it deserves, at the strongest level that this machine has, and at the weakest. */
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { proveIsolation } from '../isolation/prove.ts';
import { hostile } from './index.ts';
import { isSafe, judgeHostile } from './judge.ts';

const { level } = await proveIsolation();
const thorough = process.env.THOROUGH === '1';

/** All of them wait for their turn, in ms: in a class, too, there are only as many at a time as processors. */
const LIMIT = { timeout: thorough ? 3_600_000 : 300_000 };
let free = availableParallelism();
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

/** One of each kind; the others take minutes. */
const HANDFUL = [
  'behaves-when-traced',
  'blames-its-sandbox',
  'imports-by-pattern',
  'leaves-a-daemon',
  'kills-everybody',
  'reads-the-checks',
  'writes-descriptors',
];

it('has a name of its own and a sentence for each', () => {
  expect(new Set(hostile.map(({ id }) => id)).size).toBe(hostile.length);
  for (const { does } of hostile) expect(does).toMatch(/^[a-z].*[a-z]$/);
  expect(hostile.map(({ id }) => id)).toEqual(expect.arrayContaining(HANDFUL));
});

const chosen = hostile.filter((one) => isSafe(one, level) && (thorough || HANDFUL.includes(one.id)));

it.concurrent.each(chosen)(`$id gets what it deserves at the level ${level}`, LIMIT, async (one) => {
  expect((await inTurn(() => judgeHostile(one, level))).problems).toEqual([]);
});

const others = hostile.filter((one) => !chosen.includes(one));
// A mark is the same without a sandbox, for all that can be let loose there.
const plain = hostile.filter((one) => isSafe(one, 'process-group') && (thorough || one.id === 'exits-at-once'));

it.concurrent.each(plain)('$id gets what it deserves with nothing but a process group', LIMIT, async (one) => {
  expect((await inTurn(() => judgeHostile(one, 'process-group'))).problems).toEqual([]);
});

it.skip.each(others.map(({ id }) => [id, isSafeHere(id)]))('%s: %s', () => {});

function isSafeHere(id: string): string {
  const one = hostile.find((other) => other.id === id);
  return one && isSafe(one, level) ? 'takes long; with THOROUGH=1' : `would do harm at the level ${level}`;
}
