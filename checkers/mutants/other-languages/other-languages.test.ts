/** Wrong proxies in C and Python, each with a right twin: the same file, with RIGHT. HALF cannot be a mutant
 * in TypeScript: Node ignores SIGPIPE. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMilestone } from '../../course/find.ts';
import { temporaryFolder } from '../../fixtures.ts';
import { findOnPath } from '../../harness/python.ts';
import { runMilestone } from '../../run/run.ts';

const programs = [
  { mistake: 'RESET_ALONE', milestone: '4.2', caughtBy: 'client-resets', cause: 'partner-not-closed' },
  { mistake: 'DROPS_QUEUE', milestone: '5.2', caughtBy: 'last-bytes', cause: 'end-before-rest' },
  { mistake: 'HALF', milestone: '6.2', caughtBy: 'client-reset', cause: 'call-failed-exit' },
];
const folder = temporaryFolder();

type Outcome = { status: string | undefined; cause: string | undefined; said: string };

function build(words: string[]): string {
  const program = join(folder, words.join('-'));
  const source = join(import.meta.dirname, 'proxy.c');
  const built = spawnSync('gcc', [...words.map((name) => `-D${name}`), '-O2', '-o', program, source]);
  expect(built.status, String(built.stderr)).toBe(0);
  return `exec "${program}"`;
}

function script(words: string[]): string {
  return `exec python3 "${join(import.meta.dirname, 'proxy.py')}" ${words.join(' ')}`;
}

async function outcomeOf(command: string, milestoneId: string, check: string): Promise<Outcome> {
  const milestone = findMilestone(milestoneId);
  if (milestone === undefined) throw new Error(`there is no milestone ${milestoneId}`);
  const { results } = await runMilestone({
    milestone,
    candidate: { kind: 'command', command, cwd: folder },
    seed: '7f3a',
    only: [check],
  });
  const result = results.find(({ id }) => id === check);
  const { symptom, observed, trace } = result?.evidence ?? {};
  const said = `${symptom}: ${observed}; ${trace?.length} calls, the last: ${JSON.stringify(trace?.slice(-8))}`;
  return { status: result?.status, cause: result?.explanation?.causeId, said };
}

const languages = [
  { language: 'C', tool: 'gcc', commandOf: build },
  { language: 'Python', tool: 'python3', commandOf: script },
].map((one) => ({ ...one, missing: findOnPath(one.tool) === undefined ? ` (${one.tool} is not installed)` : '' }));

for (const { language, commandOf, missing } of languages) {
  describe.skipIf(missing !== '')(`wrong proxies in ${language}${missing}`, () => {
    it.for(programs)(
      '$mistake fails $milestone $caughtBy, and its right twin passes',
      { timeout: 120_000 },
      async ({ mistake, milestone, caughtBy, cause }, { expect }) => {
        const right = await outcomeOf(commandOf(['RIGHT', mistake]), milestone, caughtBy);
        expect(right.status, right.said).toBe('pass');
        const wrong = await outcomeOf(commandOf([mistake]), milestone, caughtBy);
        expect(wrong.status).toBe('fail');
        expect(wrong.cause, wrong.said).toBe(cause);
      },
    );
  });
}
