/** Away from Linux, `npm run milestone` judges on the simulated kernel, and never loads koffi. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { root } from '../checkers/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'other-systems-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command where Node says that this is another system, and koffi cannot be loaded. */
async function on(platform: string, ...words: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const pretend = join(folder, `${platform}.mjs`);
  const lines = [
    "import Module from 'node:module';",
    `Object.defineProperty(process, 'platform', { value: '${platform}' });`,
    'const { _load } = Module;',
    "Module._load = (name, ...rest) => { if (name.includes('koffi')) throw new Error('koffi was loaded'); return _load(name, ...rest); };",
  ];
  writeFileSync(pretend, lines.join('\n'));
  const esbuild = join(root, 'node_modules', '@esbuild', `linux-${process.arch}`, 'bin', 'esbuild');
  const env = { ...process.env, ESBUILD_BINARY_PATH: esbuild, NO_COLOR: '1' };
  const args = ['--import', pretend, join(root, 'scripts', 'start.mjs'), ...words];
  return promisify(execFile)(process.execPath, args, { cwd: root, env }).then(
    (output) => ({ ...output, code: 0 }),
    (error) => error,
  );
}

it.skipIf(process.platform !== 'linux').each([
  ['darwin', 'macOS'],
  ['win32', 'Windows'],
])('on %s the first line says that the kernel is simulated', { timeout: 60_000 }, async (platform, name) => {
  const { stdout, stderr, code } = await on(platform, 'milestone', '4.1', 'solution', 'seed', '7f3a');
  expect(stderr).toBe('');
  const [first] = stdout.split('\n\n');
  expect(first?.replaceAll('\n', ' ')).toBe(
    `${name} has no epoll, so your program runs on a simulated Linux, in virtual time. How to get a real one: docs/other-systems.md`,
  );
  expect(stdout).toContain('5 of 5 checks passed');
  expect(code).toBe(0);
});
