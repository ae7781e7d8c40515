/** The leftovers of a killed grader are removed, and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { ownFolder, removeOrphans } from './own-folders.ts';

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

it('removes the folders of dead processes, and keeps those of running ones', () => {
  const gone = spawnSync('true').pid;
  const own = mkdtempSync(ownFolder('grade'));
  const orphan = `${ownFolder('grade').replace(`-${process.pid}-`, `-${gone}-`)}abc`;
  const elsewhere = `${ownFolder('canaries').replace(`-${process.pid}-`, `-${gone}-9`)}abc`;
  for (const path of [orphan, elsewhere]) mkdirSync(path);
  made.push(own, orphan, elsewhere);
  removeOrphans();
  expect([own, orphan, elsewhere].map((path) => existsSync(path))).toEqual([true, false, true]);
});
