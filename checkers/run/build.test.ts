/** What a learner reads about a file that cannot be built. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fromRoot, workshopFolder } from '../root.ts';
import { BuildFailure, buildProgram } from './build.ts';

const folder = mkdtempSync(join(workshopFolder, 'build-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mistakesIn(source: string): Promise<string[]> {
  const entry = join(folder, 'proxy.ts');
  writeFileSync(entry, source);
  const failure = await buildProgram(entry, folder).catch((error: unknown) => error);
  if (!(failure instanceof BuildFailure)) throw new Error('it was built');
  return failure.lines.map((line) => line.replace(fromRoot(entry), 'proxy.ts'));
}

it.each([
  ['a missing value', 'let a = 1;\nconst b = ;\n', 'proxy.ts:2:11', ['  2 | const b = ;', '                ^']],
  [
    'letters of two bytes',
    'const naïve = "ä" + ;\n',
    'proxy.ts:1:21',
    ['  1 | const naïve = "ä" + ;', `${' '.repeat(26)}^`],
  ],
  ['a tab', '{\n\tconst b = ;\n}\n', 'proxy.ts:2:12', ['  2 |  const b = ;', `${' '.repeat(17)}^`]],
])('shows the line, with a caret under the place: %s', async (_what, source, place, excerpt) => {
  const [message, ...shown] = await mistakesIn(source);
  expect(message).toBe(`${place}: Unexpected ";"`);
  expect(shown).toEqual(excerpt);
});

it('cuts a long line around the place', async () => {
  const [message, line, caret] = await mistakesIn(`const text = '${'x'.repeat(300)}' + ;\n`);
  expect(message).toContain('proxy.ts:1:319: ');
  expect(line?.length).toBeLessThan(70);
  expect(line?.[caret?.indexOf('^') ?? 0]).toBe(';');
});

it('shows no line where the file ends too early', async () => {
  const lines = await mistakesIn('function main() {\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^proxy\.ts:2:1: Unexpected end of file/);
});
