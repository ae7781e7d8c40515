/** Saves as editors make them, on a real file system. */

import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../checkers/root.ts';
import { onSave } from './files.ts';
import { importsOf } from './imports.ts';

let folder = '';
let file = '';
let saves = 0;
let stop = (): void => {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
  file = join(folder, 'proxy.ts');
  writeFileSync(file, 'one');
  saves = 0;
  stop = onSave(file, () => {
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

describe('files that the program imports count, wherever they are', () => {
  let other = '';

  beforeEach(() => {
    stop();
    other = mkdtempSync(join(tmpdir(), 'watch-other-'));
    mkdirSync(join(other, 'data'));
    writeFileSync(join(other, 'data', 'ports.json'), '{}');
    writeFileSync(join(other, 'helper.ts'), "export { rows } from './rows.ts';\n");
    writeFileSync(join(other, 'rows.ts'), "import ports from './data/ports.json';\nexport const rows = [ports];\n");
    writeFileSync(join(other, 'stranger.ts'), 'export {};\n');
  });

  afterEach(() => rmSync(other, { recursive: true, force: true }));

  /** Starts to watch a program with these lines, and waits until its imports are known. */
  async function watchProgram(...lines: string[]): Promise<void> {
    writeFileSync(file, lines.join('\n'));
    stop = onSave(file, () => {
      saves += 1;
    });
    // The watcher has asked before us.
    await importsOf(file);
    await pause(200);
    expect(saves).toBe(0);
  }
  const imports = (path: string): string => `import * as it from ${JSON.stringify(path)};\nconsole.log(it);\n`;

  it('a helper in another folder, what it exports again, JSON', async () => {
    await watchProgram(imports(join(other, 'helper.ts')));
    appendFileSync(join(other, 'helper.ts'), '// changed\n');
    await expectSaves(1);
    appendFileSync(join(other, 'rows.ts'), '// changed\n');
    await expectSaves(2);
    writeFileSync(join(other, 'data', 'ports.json'), '{ "port": 8080 }');
    await expectSaves(3);
    appendFileSync(join(other, 'stranger.ts'), '// changed\n');
    await expectSaves(3);
  });

  it('a helper that an editor saves by renaming', async () => {
    await watchProgram(imports(join(other, 'helper.ts')));
    writeFileSync(join(other, '.helper.ts.swp'), "export { rows } from './rows.ts'; // changed\n");
    renameSync(join(other, '.helper.ts.swp'), join(other, 'helper.ts'));
    await expectSaves(1);
    renameSync(join(other, 'rows.ts'), join(other, 'rows.ts~'));
    await pause(80);
    writeFileSync(join(other, 'rows.ts'), 'export const rows = [];\n');
    await expectSaves(2);
  });

  it('one that is deleted, and comes back', async () => {
    await watchProgram(imports(join(other, 'helper.ts')));
    rmSync(join(other, 'rows.ts'));
    await expectSaves(1);
    writeFileSync(join(other, 'rows.ts'), 'export const rows = [];\n');
    await expectSaves(2);
  });

  it.each([
    ['new.ts', 'new.ts'],
    ['new', 'new.ts'],
    ['new', 'new/index.ts'],
    ['new.js', 'new.ts'],
    ['data/new.json', 'data/new.json'],
    ['deep/er/new.ts', 'deep/er/new.ts'],
  ])('one that was missing: %s, created as %s', async (imported, created) => {
    await watchProgram(imports(join(other, imported)));
    mkdirSync(dirname(join(other, created)), { recursive: true });
    writeFileSync(join(other, created), created.endsWith('.json') ? '{}' : 'export const row = 1;\n');
    await expectSaves(1);
  });

  it('one that the program imports since its last save', async () => {
    await watchProgram('console.log(1);\n');
    writeFileSync(file, imports(join(other, 'stranger.ts')));
    await expectSaves(1);
    appendFileSync(join(other, 'stranger.ts'), '// changed\n');
    await expectSaves(2);
    writeFileSync(file, 'console.log(2);\n');
    await expectSaves(3);
    appendFileSync(join(other, 'stranger.ts'), '// changed again\n');
    await expectSaves(3);
  });

  it('one that was known before a mistake in the program', async () => {
    await watchProgram(imports(join(other, 'helper.ts')));
    writeFileSync(file, 'const = ;\n');
    await expectSaves(1);
    appendFileSync(join(other, 'rows.ts'), '// changed\n');
    await expectSaves(2);
  });

  it('the target of a symbolic link, and the link itself', async () => {
    symlinkSync('helper.ts', join(other, 'link.ts'));
    await watchProgram(imports(join(other, 'link.ts')));
    appendFileSync(join(other, 'helper.ts'), '// changed\n');
    await expectSaves(1);
    rmSync(join(other, 'link.ts'));
    symlinkSync('stranger.ts', join(other, 'link.ts'));
    await expectSaves(2);
  });

  it('a program of another stage, and the system calls of the workshop', async () => {
    const stage = join(other, 'workshop');
    for (const part of ['package.json', 'linux', 'stages'])
      cpSync(join(root, part), join(stage, part), { recursive: true });
    file = join(stage, 'stages', 'stage-4-tcp-proxy', 'proxy.ts');
    await watchProgram(
      "import { socket } from '#linux';",
      imports('../stage-3-epoll/server.ts'),
      'console.log(socket);',
    );
    utimesSync(join(stage, 'stages', 'stage-3-epoll', 'server.ts'), new Date(), new Date());
    await expectSaves(1);
    utimesSync(join(stage, 'linux', 'index.ts'), new Date(), new Date());
    await expectSaves(2);
  });
});
