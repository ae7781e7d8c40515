/** A level holds where a program that tries to get out cannot; the same program gets out where nothing keeps it in. */
import { describe, expect, it } from 'vitest';
import { ownerOf, processIds } from '../../lab/process-tree.ts';
import { ISOLATION_LEVELS } from '../result.ts';
import { isTaken } from './nobody.ts';
import { escapesAt, proveIsolation, refusal, verdict } from './prove.ts';
import { isRoot } from './system.ts';

it('finds a level that holds on this machine, and tries the stronger ones first', async () => {
  const { level, proofs } = await proveIsolation();
  expect(proofs.map((proof) => proof.level)).toEqual(ISOLATION_LEVELS.slice(0, ISOLATION_LEVELS.indexOf(level) + 1));
  expect(proofs.at(-1)).toEqual({ level, problem: null });
  for (const { problem } of proofs.slice(0, -1)) expect(problem).toMatch(/\.$/);
});

it('sees a way out where there is one, and limits and a bare environment at every level', async () => {
  const escapes = await escapesAt('process-group');
  expect(escapes).toMatchObject({ network: true, solution: true, environment: [] });
  if (process.platform === 'linux') expect(escapes).toMatchObject({ worker: true, signals: true });
  expect(escapes.unlimited.filter((name) => name !== 'Max processes')).toEqual([]);
});

describe('a level that is required', async () => {
  const { level } = await proveIsolation();

  it.runIf(level === 'bubblewrap')('keeps everything in that it promises', async () => {
    const nothing = { network: false, files: false, solution: false, worker: false, signals: false, program: false };
    expect(await escapesAt('bubblewrap')).toEqual({ ...nothing, environment: [], unlimited: [] });
    expect((await proveIsolation('bubblewrap')).level).toBe('bubblewrap');
  });

  it.runIf(level === 'bubblewrap' && isRoot)(
    'shares no user of the machine: what the kernel counts by users is nobody else’s',
    async () => {
      const seen = new Set<number>();
      const look = setInterval(() => {
        for (const owner of processIds().map(ownerOf)) if (owner !== undefined && isTaken(owner)) seen.add(owner);
      }, 10);
      await Promise.all([escapesAt('bubblewrap'), escapesAt('bubblewrap')]);
      clearInterval(look);
      expect(seen.size).toBeGreaterThanOrEqual(2);
    },
  );

  it('is refused in a sentence where it does not hold', async () => {
    const problem = verdict('bubblewrap', await escapesAt('process-group'));
    expect(problem).toMatch(
      /^a program that tried reached the network of this machine, and .*, and read the solution, and .*\.$/,
    );
    expect(refusal('bubblewrap', [{ level: 'bubblewrap', problem }])).toContain(
      'The level bubblewrap is required, and does not hold on this machine. bubblewrap: a program that tried reached',
    );
  });
});
