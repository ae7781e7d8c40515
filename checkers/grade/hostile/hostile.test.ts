/** Every bad submission gets the expected grade, at the strongest and the weakest level of this machine. */
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { proveIsolation } from '../isolation/prove.ts';
import { hostile } from './index.ts';
import { isSafe, judgeHostile } from './judge.ts';

const { level } = await proveIsolation();
const thorough = process.env.THOROUGH === '1';

/** Timeout in ms, including the wait for a turn: only as many run at a time as there are processors. */
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

/** One of each kind; all of them take minutes. */
const HANDFUL = [
  'behaves-when-traced',
  'blames-its-sandbox',
  'imports-by-pattern',
  'leaves-a-daemon',
  'kills-everybody',
  'reads-the-checks',
  'writes-descriptors',
];

it('gives each a unique name and a sentence', () => {
  expect(new Set(hostile.map(({ id }) => id)).size).toBe(hostile.length);
  for (const { does } of hostile) expect(does).toMatch(/^[a-z].*[a-z]$/);
  expect(hostile.map(({ id }) => id)).toEqual(expect.arrayContaining(HANDFUL));
});

const chosen = hostile.filter((one) => isSafe(one, level) && (thorough || HANDFUL.includes(one.id)));

it.concurrent.each(chosen)(`$id gets the expected grade at the level ${level}`, LIMIT, async (one) => {
  expect((await inTurn(() => judgeHostile(one, level))).problems).toEqual([]);
});

const others = hostile.filter((one) => !chosen.includes(one));
// Without a sandbox, the submissions that are safe to run there get the same marks.
const plain = hostile.filter((one) => isSafe(one, 'process-group') && (thorough || one.id === 'exits-at-once'));

it.concurrent.each(plain)('$id gets the expected grade in a mere process group', LIMIT, async (one) => {
  expect((await inTurn(() => judgeHostile(one, 'process-group'))).problems).toEqual([]);
});

it.skip.each(others.map(({ id }) => [id, isSafeHere(id)]))('%s: %s', () => {});

function isSafeHere(id: string): string {
  const one = hostile.find((other) => other.id === id);
  return one && isSafe(one, level) ? 'slow; set THOROUGH=1' : `would do harm at the level ${level}`;
}
