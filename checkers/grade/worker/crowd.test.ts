/** Lowers the priority of a crowd of running threads, but not of a few. */
import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findOnPath } from '../../harness/python.ts';
import { ownerOf } from '../../kernel/process-tree.ts';
import { niceFor, watchCrowd } from './crowd.ts';

/** An unused user, so that only the test's own programs are watched. */
const USER = 60_999;
const canBecome = process.getuid?.() === 0 && findOnPath('setpriv') !== undefined;
const reason = canBecome ? '' : ' (skipped: needs root and setpriv)';

it('gives a crowd the share of a few', () => {
  expect([8, 10, 100, 192, 1000].map(niceFor)).toEqual([0, 1, 12, 15, 19]);
});

describe.skipIf(!canBecome)(`programs of a user${reason}`, () => {
  const children: ReturnType<typeof spawn>[] = [];
  afterAll(() => {
    for (const child of children) process.kill(-(child.pid ?? 0), 'SIGKILL');
  });
  const start = (script: string): number => {
    const argv = [`--reuid=${USER}`, '--clear-groups', '--', 'sh', '-c', script];
    const child = spawn('setpriv', argv, { stdio: 'ignore', detached: true });
    children.push(child);
    return child.pid ?? 0;
  };

  it('get a lower priority when many run', async () => {
    const crowd = start('for i in $(seq 120); do while :; do :; done & done; while :; do :; done');
    const stop = watchCrowd(USER);
    try {
      await vi.waitUntil(() => getPriority(crowd) >= 7, { timeout: 60_000, interval: 50 });
      expect(getPriority()).toBe(0);
    } finally {
      stop();
      process.kill(-crowd, 'SIGKILL');
      children.pop();
    }
  });

  it('keep their priority when they only wait', async () => {
    const waiting = start('for i in $(seq 150); do sleep 60 & done; wait');
    const stop = watchCrowd(USER);
    await vi.waitUntil(() => ownerOf(waiting) === USER, { timeout: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    stop();
    expect(getPriority(waiting)).toBe(0);
  });
});
