/** A killed batch, two batches in one folder, and a full disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../root.ts';
import { makeFolder, writeDurably } from '../contract/durable.ts';
import { temporaryFolder } from './fixtures.ts';
import { holderOf, lockFolder, lockPath } from './lock.ts';
import { readResults } from './store.ts';
import { readStored } from './stored.ts';

const folder = temporaryFolder();
const script = join(root, 'checkers', 'grade', 'batch', 'fixture-batch.ts');
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

interface Batch {
  child: ChildProcess;
  graded: string[];
  said: () => string;
}

function startBatch(place: string, ms: number, count: number, prefix: string[] = []): Batch {
  const argv = [...prefix, process.execPath, '--import', 'tsx', script, place, String(ms), String(count)];
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const graded: string[] = [];
  let said = '';
  child.stdout?.on('data', (text) => graded.push(...(String(text).match(/s\d+/g) ?? [])));
  child.stderr?.on('data', (text) => {
    said += text;
  });
  return { child, graded, said: () => said };
}

/** Waits until that many are graded, then sends SIGKILL. */
async function killAfter({ child, graded }: Batch, count: number): Promise<void> {
  while (graded.length < count) await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}

it('loses only running submissions after repeated kill -9, leaves no partial files, and resumes at once', async () => {
  const place = join(folder, 'killed');
  const all: string[] = [];
  for (const after of [1, 7]) {
    const batch = startBatch(place, 15, 30);
    await killAfter(batch, after);
    all.push(...batch.graded);
    const names = readdirSync(join(place, 'results')).filter((name) => !name.startsWith('.'));
    const files = names.map((name) => readStored(readFileSync(join(place, 'results', name), 'utf8')));
    expect(files.every((file) => 'grade' in file)).toBe(true);
    // Each result is stored before it is reported.
    for (const id of batch.graded) expect(names).toContain(`${id}.json`);
  }
  const last = startBatch(place, 1, 30);
  await once(last.child, 'close');
  expect(last.said()).toBe('');
  expect(last.graded.filter((id) => all.includes(id))).toEqual([]);
  expect(readResults(place).grades).toHaveLength(30);
  expect(readdirSync(join(place, 'results')).filter((name) => name.startsWith('.'))).toEqual([]);
});

describe('a lock', () => {
  it('keeps a second grader out, and names the first', async () => {
    const place = join(folder, 'locked');
    const first = startBatch(place, 60_000, 2);
    while (holderOf(place) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = startBatch(place, 1, 2);
    await once(second.child, 'close');
    expect(second.said()).toContain(`Another grader is writing into this folder (process ${first.child.pid}).`);
    expect(second.child.exitCode).toBe(1);
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    lockFolder(place)();
    expect(holderOf(place)).toBeUndefined();
  });

  it.each([
    ['a process that is gone', { host: hostname(), pid: 2 ** 22 - 1, began: '1' }],
    ['a number that another process has now', { host: hostname(), pid: process.pid, began: '1' }],
    ['half a file', undefined],
  ])('of %s is taken over', (_, holder) => {
    const place = join(folder, `stale-${holder?.pid ?? 'half'}`);
    mkdirSync(place);
    writeFileSync(lockPath(place), holder === undefined ? '{"ho' : JSON.stringify(holder));
    lockFolder(place)();
    expect(readdirSync(place)).toEqual([]);
  });

  it('of another machine is not', () => {
    const place = join(folder, 'elsewhere');
    mkdirSync(place);
    writeFileSync(lockPath(place), JSON.stringify({ host: 'elsewhere', pid: 1, began: null }));
    expect(() => lockFolder(place)).toThrow(/process 1 on elsewhere.*If it is not running there any more, delete/);
  });
});

it('reports that it may not write, and leaves existing files alone', () => {
  expect(() => writeDurably(join(folder, 'no', 'such', 'file'), 'x')).toThrow(
    /could not be written, since its folder was removed meanwhile/,
  );
});

it('reports a place where folders cannot be made', () => {
  expect(() => makeFolder('/proc/no/such')).toThrow(/^No folder can be made at \/proc\/no\/such\./);
  const file = join(folder, 'a-file');
  writeFileSync(file, 'x');
  for (const place of [file, join(file, 'within')]) expect(() => makeFolder(place)).toThrow(/could not be written/);
});

const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!mounts)(
  `a full disk${mounts ? '' : ' (skipped: this machine does not allow mounting a file system)'}`,
  () => {
    it('is told apart from a read-only one when making nested folders', () => {
      const place = join(folder, 'read-only');
      mkdirSync(place);
      const make = `import(${JSON.stringify(join(root, 'checkers/grade/contract/durable.ts'))}).then(({ makeFolder }) => makeFolder(${JSON.stringify(join(place, 'a', 'b'))})).catch(({ message }) => console.log(message))`;
      const inside = `mount -t tmpfs -o ro none ${place} && "$@"`;
      const argv = ['-rm', 'sh', '-c', inside, 'sh', process.execPath, '--import', 'tsx', '--eval', make];
      const { stdout } = spawnSync('unshare', argv, { cwd: root, encoding: 'utf8' });
      expect(stdout).toContain(`${join(place, 'a', 'b')} could not be written (EROFS).`);
    });

    it('ends the batch with a message and an exit code, and existing files are complete', async () => {
      const place = join(folder, 'full');
      mkdirSync(place);
      // The first result is of 200 KB, the others of less than one page: some fit.
      const inside = `mount -t tmpfs -o size=260k none ${place} && "$@"; code=$?; ls -A ${place}/results; cp -r ${place}/results ${place}-copy; exit $code`;
      const batch = startBatch(place, 1, 60, ['unshare', '-rm', 'sh', '-c', inside, 'sh']);
      await once(batch.child, 'close');
      expect(batch.said()).toContain('The disk is full: ');
      expect(batch.child.exitCode).toBe(1);
      const names = readdirSync(`${place}-copy`);
      expect(names.length).toBeGreaterThan(1);
      expect(names.length).toBeLessThan(60);
      for (const name of names)
        expect(readStored(readFileSync(join(`${place}-copy`, name), 'utf8'))).toHaveProperty('grade');
    });
  },
);
