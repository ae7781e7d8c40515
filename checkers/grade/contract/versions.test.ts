/** Fingerprints of submissions and checks. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../root.ts';
import { judgingFiles, submissionVersion } from './versions.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const versionOf = (path: string): Promise<string> =>
  submissionVersion({ student: { id: 'ada', name: 'Ada' }, path, kind: 'folder', submittedAt: null });

it('is the same for the same files, and differs for others', async () => {
  const [one, other] = ['one', 'other'].map((name) => join(folder, name)) as [string, string];
  for (const place of [one, other]) {
    mkdirSync(place);
    writeFileSync(join(place, 'proxy.ts'), 'a');
  }
  const before = await versionOf(one);
  expect(await versionOf(other)).toBe(before);
  writeFileSync(join(one, 'proxy.ts'), 'b');
  expect(await versionOf(one)).not.toBe(before);
  symlinkSync('/etc/passwd', join(other, 'link'));
  expect(await versionOf(other)).not.toBe(before);
});

it('does not read a sparse file of thousands of gigabytes to its end', async () => {
  const path = join(folder, 'endless.ts');
  writeFileSync(path, 'a');
  truncateSync(path, 2 ** 40);
  const before = await versionOf(path);
  truncateSync(path, 2 ** 40 + 1);
  expect(await versionOf(path)).not.toBe(before);
});

it('derives what decides about a verdict: checks, harness, sandbox, intake, the learner’s imports, the served pages', () => {
  const files = judgingFiles();
  for (const name of [
    'checkers/run/run.ts',
    'checkers/contract/compare.ts',
    'checkers/grade/isolation/bubblewrap.ts',
    'checkers/grade/worker/build.ts',
    'checkers/grade/intake/open.ts',
    'linux/index.ts',
    'stages/todo.ts',
    'assets/www/index.html',
  ])
    expect(files).toContain(name);
  for (const name of files) expect(existsSync(join(root, name)), name).toBe(true);
});

it('forgets no file of a check', () => {
  const all = readdirSync(join(root, 'checkers/checks'), { recursive: true, encoding: 'utf8' });
  const checks = all.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(judgingFiles()).toEqual(expect.arrayContaining(checks.map((name) => `checkers/checks/${name}`)));
});

it('leaves out explanations and tests', () => {
  expect(judgingFiles().filter((name) => /^checkers\/(explain|messages|report)\/|\.test\.ts$/.test(name))).toEqual([]);
});
