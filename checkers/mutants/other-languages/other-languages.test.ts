/** Wrong proxies in C, each with a right twin: the same file, built with -DRIGHT. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findMilestone } from '../../course/find.ts';
import { findOnPath } from '../../lab/python.ts';
import { runMilestone } from '../../run/run.ts';

const programs = [
  { mistake: 'RESET_ALONE', milestone: '4.2', caughtBy: 'client-resets' },
  { mistake: 'DROPS_QUEUE', milestone: '5.2', caughtBy: 'last-bytes' },
  { mistake: 'HALF', milestone: '6.2', caughtBy: 'client-reset' },
];
const folder = mkdtempSync(join(tmpdir(), 'wrong-c-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function statusOf(defines: string[], milestoneId: string, check: string): Promise<string | undefined> {
  const program = join(folder, defines.join('-'));
  const source = join(import.meta.dirname, 'proxy.c');
  const built = spawnSync('gcc', [...defines.map((name) => `-D${name}`), '-O2', '-o', program, source]);
  expect(built.status, String(built.stderr)).toBe(0);
  const milestone = findMilestone(milestoneId);
  if (milestone === undefined) throw new Error(`there is no milestone ${milestoneId}`);
  const { results } = await runMilestone({
    milestone,
    candidate: { kind: 'command', command: `exec "${program}"`, cwd: folder },
    seed: '7f3a',
    only: [check],
  });
  return results.find(({ id }) => id === check)?.status;
}

const missing = findOnPath('gcc') === undefined ? ' (gcc is not installed)' : '';

describe.skipIf(missing !== '')(`wrong proxies in C${missing}`, () => {
  it.for(programs)(
    '$mistake fails $milestone $caughtBy, and its right twin passes',
    {
      timeout: 120_000,
    },
    async ({ mistake, milestone, caughtBy }, { expect }) => {
      expect(await statusOf(['RIGHT', mistake], milestone, caughtBy)).toBe('pass');
      expect(await statusOf([mistake], milestone, caughtBy)).toBe('fail');
    },
  );
});
