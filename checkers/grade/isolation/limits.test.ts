/** Limits hold, and never lift one that was set before. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { limited } from './limits.ts';

/** What a program says of a limit of its own. */
function limitOf(name: string, before = ':'): string {
  const command = [...limited({ processes: null }), 'grep', name, '/proc/self/limits'];
  const said = execFileSync('sh', ['-c', `${before}; exec "$@"`, 'sh', ...command], { encoding: 'utf8' });
  return said.slice(name.length).trim().split(/\s+/).slice(0, 2).join(' ');
}

it.runIf(process.platform === 'linux')('has at most as many open files as a check allows', () => {
  expect(limitOf('Max open files')).toBe('4096 4096');
  expect(limitOf('Max open files', 'ulimit -n 70')).toBe('70 70');
});

it.runIf(process.platform === 'linux')('has no core dumps, and files and processor time with an end', () => {
  expect(limitOf('Max core file size')).toBe('0 0');
  for (const name of ['Max file size', 'Max cpu time']) expect(limitOf(name)).not.toContain('unlimited');
});
