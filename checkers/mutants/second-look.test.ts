/** A stub that is not due yet gets a second look with the trace on, as any failure does: the mutants' tests trace at once. */
import { expect, it } from 'vitest';
import { findMilestone } from '../course/find.ts';
import { ledAstrayMutants } from './led-astray.ts';
import { judgeSource, mutantSource } from './mutant.ts';

it.each([
  ['early-stub-end', 'end-taken-for-bytes', '1.1.3'],
  ['early-stub-no-else', 'stub-too-early', '3.1.3'],
  ['early-stub-own-port', 'upstream-wrong-port', '4.1.6'],
])('%s: %s, with TODO %s', { timeout: 60_000 }, async (id, cause, todo) => {
  const mutant = ledAstrayMutants.find((one) => one.id === id);
  const milestone = findMilestone(mutant?.milestone ?? '');
  if (mutant === undefined || milestone === undefined) throw new Error(`no mutant ${id}`);
  const only = [mutant.caughtBy];
  const { results } = await judgeSource(milestone, `${id}-again`, mutantSource(mutant), { seed: '7f3a', only });
  expect(results[0]?.explanation).toMatchObject({ causeId: cause, todo });
});
