/** Correct programs that differ from the lesson's, with many processes or an extra port, get all points from the grader. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { course, type Milestone, programPath, type Stage } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { solutionOf } from '../course/skeleton.ts';
import { findOnPath } from '../harness/python.ts';
import { root } from '../root.ts';
import { runMilestone } from '../run/run.ts';
import type { Submission } from './contract/submission.ts';
import { failedIn } from './formats/phrases.ts';
import { gradeOne } from './grade-one.ts';
import { proveIsolation } from './isolation/prove.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { level: isolation } = await proveIsolation();
const usual = { classSeed: 'autumn', rubric: null, deadline: null, isolation };

function handIn(id: string): Submission {
  const path = join(folder, id);
  mkdirSync(path, { recursive: true });
  return { student: { id, name: id }, path, kind: 'folder', submittedAt: null };
}

// Seen once to fail beside other tests: a process took more than the 4 s that it has to end.
it('a proxy whose other processes outlive the first one', { retry: 1 }, async () => {
  const last = course.at(-1) as Stage;
  const submission = handIn('ann');
  copyFileSync(programPath(last, 'solutions'), join(submission.path, last.file));
  const grade = await gradeOne(submission, { ...usual, stage: last.number });
  expect(failedIn(grade).map(({ check }) => check.observed)).toEqual([]);
  expect(grade).toMatchObject({ status: 'graded', points: grade.outOf, problem: null });
});

const compiler = findOnPath('cc');
const build = 'cc -D_GNU_SOURCE -O1 -o proxy proxy.c';

it.skipIf(compiler === undefined)('a proxy with a process for each of many clients', async () => {
  const submission = handIn('ada');
  const { path } = submission;
  copyFileSync(join(root, 'checkers', 'grade', 'fixtures', 'forking-proxy.c'), join(path, 'proxy.c'));
  writeFileSync(join(path, 'workshop.json'), JSON.stringify({ build, run: './proxy' }));
  const grade = await gradeOne(submission, { ...usual, stage: 7 });
  const graded = grade.milestones[0]?.checks.map(({ id, status }) => [id, status]);
  execFileSync('sh', ['-c', build], { cwd: path });
  const milestone = findMilestone('7.1') as Milestone;
  const candidate = { kind: 'command', command: './proxy', cwd: path } as const;
  const { results } = await runMilestone({ milestone, candidate, seed: grade.seed });
  expect(graded).toEqual(results.map(({ id, status }) => [id, status]));
  expect(results.every(({ status }) => status === 'pass')).toBe(true);
  expect(grade).toMatchObject({ status: 'graded', points: 100, outOf: 100, notes: [] });
});

it('a proxy with an extra hard-coded port, which collides across parallel checks', async () => {
  const submission = handIn('abe');
  const stage = course[3] as Stage;
  const source = solutionOf(stage);
  const piece = '  listenSockFd = createServer();\n';
  expect(source.split(piece)).toHaveLength(2);
  const second = `  const second = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(second, sockaddr_in('127.0.0.1', 9107)) === -1) die('bind');
  if (listen(second, 1) === -1) die('listen');
`;
  writeFileSync(join(submission.path, stage.file), source.replace(piece, `${second}${piece}`));
  const grade = await gradeOne(submission, { ...usual, stage: stage.number });
  expect(failedIn(grade).map(({ check }) => check.observed)).toEqual([]);
  expect(grade).toMatchObject({ status: 'graded', points: grade.outOf, problem: null });
});
