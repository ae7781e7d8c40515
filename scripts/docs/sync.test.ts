/** Quotes in the pages match the files and the commands' output. `npm run docs:sync` updates them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOnPath } from '../../checkers/harness/python.ts';
import { root } from '../../checkers/root.ts';
import { copyWorkshop } from '../fixtures.ts';
import { comparable, outputOf, steady } from './outputs.ts';
import { gapReferences, snippet } from './snippets.ts';
import { quotesOf, quotingPages, renewed } from './sync.ts';

const pages = quotingPages().map((file) => ({ file, page: readFileSync(join(root, file), 'utf8') }));
const quotes = pages.flatMap(({ page }) => quotesOf(page));
const commands = [...new Set(quotes.filter(({ kind }) => kind === 'output').map(({ reference }) => reference))];

it.each(pages)('$file quotes the code as it is (npm run docs:sync)', ({ page }) => {
  expect(renewed(page)).toBe(page);
});

it.each(pages.filter(({ file }) => /^docs\/stage-\d/.test(file)))(
  '$file has no code that was typed for it',
  ({ page }) => {
    const rest = page.replaceAll(/^<!-- (snippet|output): .*? -->\n[\s\S]*?^<!-- \/\1 -->$/gm, '');
    expect(rest.match(/^```(?:ts|c)\n[\s\S]*?^```$/gm) ?? []).toEqual([]);
  },
);

it('has no unused gap', () => {
  const shown = quotes.filter(({ kind }) => kind === 'snippet').map(({ reference }) => reference);
  expect(gapReferences().filter((reference) => !shown.includes(reference))).toEqual([]);
});

it('names a missing snippet', () => {
  expect(() => snippet('solutions/stage-4-tcp-proxy/proxy.ts#nothing')).toThrow(
    'solutions/stage-4-tcp-proxy/proxy.ts#nothing: there is nothing of that name in the file',
  );
});

describe.runIf(process.platform === 'linux')('what a page says that a command prints (npm run docs:sync)', () => {
  const copy = copyWorkshop();

  it.each(commands)('is what it prints: %s', async (command) => {
    const output = comparable(command, await outputOf(command, copy));
    const texts = quotes.filter(({ reference }) => reference === command).map(({ text }) => comparable(command, text));
    expect([...new Set(texts)]).toEqual([output]);
  });
});

describe('output that is compared', () => {
  it('may differ in times, ports and seeds, and in where its lines are broken', () => {
    const shown = 'PORT=22605 stopped after 230 ms\n  Seed   7f3a\n  Again  npm run milestone 4.1 only 1 seed 7f3a';
    const other = 'PORT=31 stopped\n   after 7 ms\n  Seed   d327\n  Again npm run milestone 4.1 only 1 seed d327';
    expect(steady(shown)).toBe(steady(other));
  });

  it.each([
    ['TODO 4.1.1', 'TODO 4.1.2'],
    ['(proxy.ts:67)', '(proxy.ts:68)'],
    ['Check 1 failed', 'Check 2 failed'],
    ['npm run milestone 4.1', 'npm run milestone 4.2'],
    ['exit code 70', 'exit code 1'],
  ])('may not differ as %j and %j do', (one, other) => {
    expect(steady(one)).not.toBe(steady(other));
  });
});

const programs = readdirSync(join(root, 'docs', 'snippets')).filter((name) => name.endsWith('.c'));

it('has C to show', () => {
  expect(programs).not.toEqual([]);
});

const gcc = findOnPath('gcc');
if (gcc === undefined) console.warn('Left out: there is no gcc on this machine to compile the C of the pages with.');

it.runIf(gcc !== undefined).each(programs)('%s compiles without a warning', (name) => {
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'];
  const cwd = join(root, 'docs', 'snippets');
  const { status, stderr } = spawnSync('gcc', [...flags, name], { cwd, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
