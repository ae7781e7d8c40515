/** The hand-written list of commands matches package.json. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../checkers/root.ts';
import { helpLines } from './help.ts';

const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
/** The first word of each line, without adjacent duplicates. */
const listed = helpLines
  .map(([line]) => line.split(' ')[0] ?? '')
  .filter((word, index, words) => word !== words[index - 1]);

it('lists every script of package.json once, and no other', () => {
  expect(listed.toSorted()).toEqual(Object.keys(scripts).toSorted());
});

it('lists the workshop’s commands before common tools', () => {
  const own = listed.map((word) => scripts[word]?.startsWith('node scripts/start.cjs ') ?? false);
  expect(own).toEqual(own.toSorted((a, b) => Number(b) - Number(a)));
});

it('has a script of the same name for each command of the workshop', () => {
  for (const [word, command] of Object.entries(scripts)) {
    if (!command.startsWith('node ')) continue;
    // docs:build is the word 'build' of scripts/docs.ts.
    const [script = '', ...more] = word.split(':');
    expect(command).toBe(['node scripts/start.cjs', script, ...more].join(' '));
    expect(existsSync(join(root, 'scripts', `${script}.ts`)), word).toBe(true);
  }
});

it('describes each command in a line that fits', () => {
  for (const [word, does] of helpLines) {
    expect(does, word).not.toBe('');
    expect(word.length, word).toBeLessThan(40);
  }
});

it.each(['stdout', 'stderr'] as const)('exits silently when its %s is closed, as with | head', async (closed) => {
  const words = closed === 'stdout' ? ['help'] : ['help', 'nonsense'];
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...words]);
  child[closed].destroy();
  const said: Buffer[] = [];
  child[closed === 'stdout' ? 'stderr' : 'stdout'].on('data', (bytes: Buffer) => said.push(bytes));
  const [code, signal] = await once(child, 'close');
  expect(Buffer.concat(said).toString()).toBe('');
  expect(signal).toBeNull();
  expect(code).toBe(closed === 'stdout' ? 0 : 2);
});
