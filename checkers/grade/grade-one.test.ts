/** One submission from end to end at the weakest isolation level, a process group, which works on every machine. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { course, findStage, type Stage } from '../course/course.ts';
import { skeletonOf, solutionOf } from '../course/skeleton.ts';
import { studentSeed } from './contract/seed.ts';
import type { GradeOrder, Submission } from './contract/submission.ts';
import { gradeOne } from './grade-one.ts';

const server = findStage(1) as Stage;
const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const order: GradeOrder = { stage: 1, classSeed: 'autumn', rubric: null, deadline: null, isolation: 'process-group' };

/** A hand-in in its own folder. */
function handIn(id: string, files: Record<string, string | Buffer>): Submission {
  const path = join(folder, id);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return { student: { id, name: id }, path, kind: 'folder', submittedAt: null };
}

const solution = solutionOf(server);

it('gives the solution all points, with the student’s seed and the command to grade it again', async () => {
  const grade = await gradeOne(handIn('ada', { 'server.ts': solution }), order);
  expect(grade).toMatchObject({ status: 'graded', points: 100, outOf: 100, problem: null, isolation: 'process-group' });
  expect(grade.milestones.map(({ id }) => id)).toEqual(['1.1', '1.2']);
  expect(grade.seed).toBe(studentSeed('autumn', 'ada'));
  expect(grade.again).toMatch(/^npm run grade \S+ stage 1 only ada seed autumn$/);
});

it('also gives all points to the solution of the last stage, whose checks set their own limits', async () => {
  const last = course.at(-1) as Stage;
  const files = { [last.file]: solutionOf(last) };
  const grade = await gradeOne(handIn('ann', files), { ...order, stage: last.number });
  expect(grade).toMatchObject({ status: 'graded', points: 100, outOf: 100, problem: null });
});

it('gives the skeleton no points, names the gap by its TODO, and lists the skipped checks', async () => {
  const files = { 'server.ts': skeletonOf(server), 'notes.txt': 'to do' };
  const grade = await gradeOne(handIn('ben', files), order);
  expect(grade).toMatchObject({ status: 'graded', points: 0, outOf: 100 });
  const notLooked = "Not looked at, since stage 1 is server.ts alone: 'notes.txt'.";
  expect(grade.notes).toEqual([notLooked, 'server.ts is the skeleton, unchanged.']);
  const [first] = grade.milestones[0]?.checks ?? [];
  expect(first?.lastLines?.[0]).toContain('(stages/stage-1-tcp-server/server.ts:');
});

it('bundles nothing from outside the file: neither the solution by its path nor packages', async () => {
  const path = "import '../../solutions/stage-1-tcp-server/server.ts';\n";
  const cheat = await gradeOne(handIn('cleo', { 'server.ts': path }), order);
  expect(cheat.points).toBe(0);
  expect(cheat.milestones[0]?.checks[0]?.observed).toContain('it imports the solution');
  const packed = await gradeOne(handIn('dan', { 'server.ts': "import proxy from 'http-proxy';\nproxy();" }), order);
  expect(packed.milestones[0]?.checks[0]?.observed).toContain("'http-proxy' is a package");
});

it('refuses what cannot be run, with a message and without a mark that looks earned', async () => {
  const nothing = await gradeOne(handIn('eve', {}), order);
  expect(nothing).toMatchObject({ status: 'refused', points: 0, outOf: 100, milestones: [] });
  expect(nothing.problem).toBe('There is no file in it. Expected: server.ts.');
  const binary = await gradeOne(handIn('fay', { 'server.ts': Buffer.from([1, 0, 2]) }), order);
  expect(binary.problem).toBe("'server.ts' is not text: it has bytes that are zero.");
});

it('ends all processes when it is cancelled', async () => {
  const abort = new AbortController();
  const grading = gradeOne(handIn('gil', { 'server.ts': 'for (;;) {}' }), order, abort.signal);
  setTimeout(() => abort.abort(), 300);
  await expect(grading).rejects.toThrow();
});
