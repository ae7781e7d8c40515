/** Limits apply, and never raise an existing one. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { limited, limitsOf, USUAL } from './limits.ts';

/** A program's own view of one of its limits. */
function limitOf(name: string, before = ':'): string {
  const command = [...limited(USUAL), 'grep', name, '/proc/self/limits'];
  const said = execFileSync('sh', ['-c', `${before}; exec "$@"`, 'sh', ...command], { encoding: 'utf8' });
  return said.slice(name.length).trim().split(/\s+/).slice(0, 2).join(' ');
}

it.runIf(process.platform === 'linux')('has at most as many open files as a check allows', () => {
  expect(limitOf('Max open files')).toBe('4096 4096');
  expect(limitOf('Max open files', 'ulimit -n 70')).toBe('70 70');
});

it.runIf(process.platform === 'linux')('has no core dumps, and limits on file size and CPU time', () => {
  expect(limitOf('Max core file size')).toBe('0 0');
  for (const name of ['Max file size', 'Max cpu time']) expect(limitOf(name)).not.toContain('unlimited');
});

it('lets a program in another language have processes for each of many clients, and unused address space', () => {
  const command = { kind: 'command', build: null, run: './proxy', cwd: '/' } as const;
  const file = { kind: 'file', path: '/proxy.ts' } as const;
  const isolation = 'bubblewrap';
  expect(limitsOf({ isolation, program: command, stage: 7 }).processes).toBeGreaterThan(2 * 1500 + 192);
  expect(limitsOf({ isolation, program: command, stage: 7 }).memory).toBeGreaterThan(2 ** 38);
  for (const other of [
    { isolation, program: file, stage: 7 } as const,
    { isolation, program: command, stage: 4 } as const,
  ]) {
    expect(limitsOf(other).processes).toBe(192);
  }
  expect(limitsOf({ isolation: 'process-group', program: command, stage: 7 }).processes).toBe(null);
});
