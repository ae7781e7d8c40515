/** The seed of a class from the environment, where a command line would tell it to every user of the machine. */
import { afterEach, expect, it, vi } from 'vitest';
import type { ClassFile } from '../../checkers/grade/batch/class-file.ts';
import { classOrder, mustHaveSeed, seedToShow } from './order.ts';

afterEach(() => vi.unstubAllEnvs());

const words = (...options: [string, string][]) => ({
  switches: new Set<string>(),
  options: new Map([['stage', '4'], ...options]),
  plain: [],
});
const before = { stage: 4, classSeed: 'spring', deadline: null, rubric: null, roster: null } as unknown as ClassFile;

it('takes the seed from GRADE_SEED; a word, or the folder of results that goes on, says more', () => {
  vi.stubEnv('GRADE_SEED', 'secret');
  expect(classOrder('/class', words(), undefined).classSeed).toBe('secret');
  expect(classOrder('/class', words(['seed', 'autumn']), undefined).classSeed).toBe('autumn');
  expect(classOrder('/class', words(), before).classSeed).toBe('spring');
  expect(() => mustHaveSeed(words(), { index: 1, count: 2 }, undefined)).not.toThrow();
});

it('does not take the empty text of a secret that is not set', () => {
  vi.stubEnv('GRADE_SEED', '');
  expect(classOrder('/class', words(), undefined).classSeed).toMatch(/^[0-9a-f]+$/);
  expect(() => mustHaveSeed(words(), { index: 1, count: 2 }, undefined)).toThrow('need the same seed');
});

it('does not print a seed that came in GRADE_SEED: a student may read the log', () => {
  vi.stubEnv('GRADE_SEED', 'secret');
  expect(seedToShow('secret')).toBe('from GRADE_SEED');
  expect(seedToShow('autumn')).toBe('autumn');
});
