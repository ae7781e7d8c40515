/** No process stays behind, whatever a program does and however the checker ends. */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { findMilestone } from '../course/find.ts';
import { processIds } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import { runMilestone } from './run.ts';

let next = 0;
/** A sleep with an argument that is unique on this machine. */
function uniqueSleep(): string {
  next += 1;
  return `sleep ${100_000 + process.pid}.${next}`;
}

function running(commandLine: string): number[] {
  return processIds().filter((pid) => commandOf(pid) === commandLine);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (condition()) return true;
    await pause(20);
  }
  return condition();
}

async function statusOf(command: string): Promise<string | undefined> {
  const milestone = findMilestone('4.1');
  if (milestone === undefined) throw new Error('no milestone 4.1');
  const candidate = { kind: 'command' as const, command, cwd: root };
  const { results } = await runMilestone({ milestone, candidate, seed: '1', only: ['listening'] });
  return results[0]?.status;
}

describe.skipIf(!existsSync('/proc/self/environ')).concurrent('after a run nothing is left of a program that', () => {
  it.each([
    ['ignores SIGTERM and never listens', (sleep: string) => `trap '' TERM; ${sleep}; ${sleep}`],
    ['starts a daemon in a session of its own and exits', (sleep: string) => `setsid ${sleep} & exit 0`],
    ['prints without end', (sleep: string) => `${sleep} & yes`],
    ['exits at once', (sleep: string) => `${sleep} & exit 3`],
  ])('%s', async (_name, commandWith) => {
    const sleep = uniqueSleep();
    expect(await statusOf(commandWith(sleep))).toBe('fail');
    expect(running(sleep)).toEqual([]);
  });
});

describe.skipIf(!existsSync('/proc/self/environ')).concurrent('when the checker is ended by', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s, its programs end too', async (signal) => {
    const sleep = uniqueSleep();
    const command = `trap '' TERM INT; setsid ${sleep} & ${sleep}; ${sleep}`;
    const script = [join(root, 'scripts', 'start.mjs'), 'milestone', '4.1', '--command', command];
    const checker = spawn(process.execPath, script, { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => checker.once('exit', (code) => resolve(code)));
    expect(await until(() => running(sleep).length > 0, 20_000)).toBe(true);
    checker.kill(signal);
    expect(await ended).toBe(signal === 'SIGKILL' ? null : 130);
    const isGone = (): boolean => running(sleep).length === 0;
    expect(await until(isGone, 5000)).toBe(true);
    // A shell that is about to be killed may be between two of its sleeps.
    await pause(100);
    expect(await until(isGone, 5000)).toBe(true);
  });
});
