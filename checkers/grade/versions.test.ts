/** What makes a submission another one, and what need not be read to the end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { submissionVersion } from './versions.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const versionOf = (path: string): Promise<string> =>
  submissionVersion({ student: { id: 'ada', name: 'Ada' }, path, kind: 'folder', submittedAt: null });

it('is the same for the same files, and another one for others', async () => {
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

it('does not read a file to the end that says that it has thousands of gigabytes', async () => {
  const path = join(folder, 'endless.ts');
  writeFileSync(path, 'a');
  truncateSync(path, 2 ** 40);
  const before = await versionOf(path);
  truncateSync(path, 2 ** 40 + 1);
  expect(await versionOf(path)).not.toBe(before);
});
