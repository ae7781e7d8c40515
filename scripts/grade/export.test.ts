/** End-to-end tests of `npm run grade export`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../checkers/fixtures.ts';
import { writeClass } from '../../checkers/grade/batch/class-file.ts';
import { Store } from '../../checkers/grade/batch/store.ts';
import { gradeOf } from '../../checkers/grade/fixtures/class.ts';
import { root } from '../../checkers/root.ts';
import { run } from '../fixtures.ts';

const folder = temporaryFolder();

const grade = (...words: string[]) =>
  run([process.execPath, join(root, 'scripts', 'start.mjs'), 'grade', ...words], root, { INIT_CWD: folder });

beforeAll(() => {
  const submissions = join(folder, 'class');
  mkdirSync(submissions);
  writeFileSync(join(submissions, 'one_101_5_proxy.ts'), 'x');
  writeFileSync(
    join(folder, 'list.csv'),
    'Student,ID,Section,Proxy (7)\n    Points Possible,,,10\n"One, Student",101,A,\n',
  );
  const results = join(folder, 'results');
  mkdirSync(results);
  const basis = { classSeed: 's', deadline: null, submittedAt: null };
  new Store(results).put({ ...gradeOf('solution', '101', { points: 10, outOf: 10 }), basis });
  writeClass(results, {
    ...{ version: 1, stage: 4, classSeed: 's', deadline: null, rubric: null, roster: null, submissions },
    ...{ versions: { checks: '', rubric: '' }, shard: null, merged: false, ids: ['101'] },
  });
});

it('fills the gradebook and makes the archive of feedback', async () => {
  const { code, stdout } = await grade('export', 'canvas', 'list.csv');
  expect(stdout).toContain('1 of 1 students are in');
  expect(code).toBe(0);
  const into = join(folder, 'results', 'export', 'canvas');
  expect(readFileSync(join(into, 'list.csv'), 'utf8')).toContain('"One, Student",101,A,10\n');
  expect(readFileSync(join(into, 'feedback.zip')).includes('one_101_5_feedback.html')).toBe(true);
});

it.each([
  ['export', 'For which platform? Expected: canvas, moodle, blackboard, brightspace.'],
  ['export canvsa list.csv', "Did you mean 'canvas'?"],
  ['export canvas', 'Which gradebook? Download it from canvas'],
  ['export canvas nowhere.csv', 'cannot be read'],
  ['export moodle list.csv', 'This is not the gradebook file of moodle.'],
  ['export canvas list.csv results class', 'is not a folder of results'],
])('a wrong argument gives a message: %s', async (words, message) => {
  const { code, stderr } = await grade(...words.split(' '));
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
});
