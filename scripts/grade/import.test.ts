/** End-to-end tests of `npm run grade import` and of exports in place of a folder. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../checkers/fixtures.ts';
import { root } from '../../checkers/root.ts';
import { run } from '../fixtures.ts';

const folder = temporaryFolder();

const grade = (...words: string[]) =>
  run([process.execPath, join(root, 'scripts', 'start.mjs'), 'grade', ...words], root, {
    INIT_CWD: folder,
    TMPDIR: folder,
  });

it('shows who handed in what, and sorts it into a folder that is graded the same way', async () => {
  await grade('generate', '42', 'class.zip', 'stage', '4', 'as', 'canvas');
  const list = ['people', 'class-people.csv'];
  const first = await grade('import', 'class.zip', ...list, 'deadline', '2026-10-01T23:59Z');
  expect(first.stdout.split('\n')[0]).toBe(
    'Canvas: 46 files, 42 students, 3 late, 2 not on the list; newest attempt taken for 4',
  );
  expect(first.stdout).toContain('add: into FOLDER');

  const unasked = await grade('import', 'class.zip', 'into', 'sorted');
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('Add the word: yes')]);

  const second = await grade('import', 'class.zip', ...list, 'into', 'sorted', 'yes');
  expect(second.stdout).toContain('Written. Grade them with: npm run grade');
  expect(readFileSync(join(folder, 'sorted', 'people.csv'), 'utf8')).toContain(
    's1000,Student Nr1000,s1000,2026-10-01T',
  );
  const third = await grade('import', 'sorted', 'people', 'sorted/people.csv');
  expect(third.stdout.split('\n')[0]).toBe('42 files, 42 students');
  // Nothing of the archive is left behind.
  expect(readdirSync(folder).filter((name) => name.startsWith('workshop-export'))).toEqual([]);
}, 60_000);

it.each([
  ['import', 'Which export?'],
  ['import nowhere', 'There is no folder'],
  ['import broken.zip', 'It is not a zip file that can be read'],
  ['import one zone Mars/Olympus', "There is no time zone 'Mars/Olympus'. Expected, for example: zone Europe/Berlin"],
  ['import one people p.csv roster p.csv', "'people' and 'roster' are two names for one list."],
  ['generate 3 new as cnvas', "There is no export 'cnvas'."],
  ['generate 3 broken.zip as canvas', 'is already there. Name a new file.'],
  ['broken.zip stage 4', 'It is not a zip file that can be read'],
])('a wrong argument gives a message: %s', async (words, message) => {
  writeFileSync(join(folder, 'broken.zip'), 'PK\u0003\u0004 no zip');
  writeFileSync(join(folder, 'p.csv'), 'id\na\n');
  mkdirSync(join(folder, 'one', 'a'), { recursive: true });
  const { code, stderr } = await grade(...words.split(' '));
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
});
