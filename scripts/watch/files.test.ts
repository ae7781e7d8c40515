/** Saves as editors make them, on a real file system. */
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onSave } from './files.ts';

let folder = '';
let file = '';
let saves = 0;
let stop = (): void => {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
  file = join(folder, 'proxy.ts');
  writeFileSync(file, 'one');
  saves = 0;
  stop = onSave(folder, () => {
    saves += 1;
  });
});

afterEach(() => {
  stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for a number of saves, then a moment longer for unexpected ones. */
async function expectSaves(count: number): Promise<void> {
  const deadline = performance.now() + 5000;
  while (saves < count && performance.now() < deadline) await pause(5);
  await pause(400);
  expect(saves).toBe(count);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('one save is noticed once when an editor', () => {
  it('writes the file', async () => {
    writeFileSync(file, 'two');
    await expectSaves(1);
    writeFileSync(file, 'three');
    await expectSaves(2);
  });

  // On a busy machine the steps may be too far apart to count as one.
  it('writes it in several steps', { retry: 3 }, async () => {
    writeFileSync(file, '');
    for (const part of ['a', 'b', 'c']) {
      await pause(10);
      appendFileSync(file, part);
    }
    await expectSaves(1);
  });

  it('puts a new file in its place', async () => {
    writeFileSync(join(folder, '.proxy.ts.swp'), 'two');
    renameSync(join(folder, '.proxy.ts.swp'), file);
    await expectSaves(1);
  });

  it('moves the old one away first, as vim does', async () => {
    writeFileSync(join(folder, '4913'), '');
    rmSync(join(folder, '4913'));
    renameSync(file, `${file}~`);
    await pause(80);
    writeFileSync(file, 'two');
    rmSync(`${file}~`);
    await expectSaves(1);
  });
});

it('a save without a change counts as a request for the verdict', async () => {
  utimesSync(file, new Date(), new Date());
  await expectSaves(1);
});

it('other files do not count', async () => {
  writeFileSync(join(folder, 'proxy.log'), 'a line');
  writeFileSync(join(folder, '.hidden.ts'), 'a backup');
  await expectSaves(0);
});

it('a second file of the program counts', async () => {
  writeFileSync(join(folder, 'table.ts'), 'export {}');
  await expectSaves(1);
});

it('a folder that was replaced is still watched', async () => {
  renameSync(folder, `${folder}-old`);
  mkdirSync(folder);
  writeFileSync(file, 'two');
  await expectSaves(1);
  writeFileSync(file, 'three');
  await expectSaves(2);
  rmSync(`${folder}-old`, { recursive: true });
});

it('nothing is noticed after the end', async () => {
  stop();
  writeFileSync(file, 'two');
  await expectSaves(0);
});
