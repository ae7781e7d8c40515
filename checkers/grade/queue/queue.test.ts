/** A queue on a real Redis server, with workers that are killed in the middle. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takePortBlock } from '../../kernel/ports.ts';
import { root } from '../../root.ts';
import { FakeGrader } from '../batch/fake-grader.ts';
import { fakeClass, fakeSubmission, order, temporaryFolder } from '../batch/fixtures.ts';
import { jobFor, keyOf } from './job.ts';
import { addJobs, collect, countsOf, openQueue, statusOf } from './queue.ts';
import { connectRedis } from './redis.ts';
import { work } from './work.ts';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;
const reason = missing ? ' (skipped: redis-server is not installed; apt-get install redis-server)' : '';

let server: ChildProcess;
let url: string;
let redis: Redis;
const folder = temporaryFolder();

let port: number;

/** A private server on a free port, with persistence on, as the page on grading asks for. */
async function startRedis(): Promise<void> {
  const block = await takePortBlock();
  port = block.take();
  await runRedis();
  block.release();
  url = `redis://127.0.0.1:${port}`;
  redis = await connectRedis(url);
}

async function runRedis(): Promise<void> {
  const kept = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder];
  const words = ['--port', String(port), '--bind', '127.0.0.1', ...kept];
  server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error('redis-server has ended')));
    server.stdout?.on('data', (text) => String(text).includes('Ready to accept') && resolve());
  });
}

const killed: ChildProcess[] = [];

/** A worker as a process, and what it has begun so far. */
function startWorker(msEach: number): { child: ChildProcess; begun: string[] } {
  const script = join(root, 'checkers', 'grade', 'queue', 'fixture-worker.ts');
  const argv = ['--import', 'tsx', script, url, String(msEach)];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const begun: string[] = [];
  child.stdout?.on('data', (text) => begun.push(...(String(text).match(/s\d+/g) ?? [])));
  killed.push(child);
  return { child, begun };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 600; left > 0; left -= 1) {
    if (await condition()) return;
    await pause(50);
  }
  throw new Error('the condition was not met within 30 s');
}

describe.skipIf(missing)(`the queue${reason}`, () => {
  beforeAll(startRedis);
  beforeEach(() => redis.flushall());
  afterAll(() => {
    for (const child of killed) child.kill('SIGKILL');
    redis?.disconnect();
    server?.kill('SIGKILL');
  });

  const jobsOf = (grader: FakeGrader, submissions = fakeClass(10)) =>
    Promise.all(submissions.map((submission) => jobFor(submission, order, grader)));
  const working = (grader: FakeGrader) => ({
    ...{ redis, grader, isolation: 'process-group' as const, atOnce: 2, untilEmpty: true },
    signal: new AbortController().signal,
  });

  it('loses nothing and counts nothing twice when workers are killed', async () => {
    const grader = new FakeGrader();
    const queue = await openQueue(redis, grader.checks);
    expect(await addJobs(queue, redis, await jobsOf(grader))).toBe(10);
    // The first worker never finishes its job, so it is still busy when the second one starts.
    const first = startWorker(60_000);
    await until(() => first.begun.length === 2);
    const second = startWorker(400);
    await until(() => second.begun.length >= 1);
    first.child.kill('SIGKILL');
    const third = startWorker(100);
    await Promise.all([once(second.child, 'exit'), once(third.child, 'exit')]);
    const { grades, failed } = await collect(queue, order.stage);
    expect(grades.map(({ student }) => student.id)).toEqual(fakeClass(10).map(({ student }) => student.id));
    expect(failed.size).toBe(0);
    expect(await countsOf(queue)).toMatchObject({ waiting: 0, running: 0, done: 10, failed: 0 });
    // Another worker has restarted the job of the dead one.
    const begun = [...first.begun, ...second.begun, ...third.begun];
    expect(first.begun.every((id) => second.begun.includes(id) || third.begun.includes(id))).toBe(true);
    expect(begun.length).toBeGreaterThanOrEqual(12);
    expect(new Set(begun).size).toBe(10);
    await queue.close();
  });

  it('loses nothing and counts nothing twice when Redis is killed and restarted', async () => {
    const grader = new FakeGrader();
    grader.msEach = 300;
    const queue = await openQueue(redis, grader.checks);
    await addJobs(queue, redis, await jobsOf(grader));
    const over = work({ ...working(grader), deadAfterMs: 2000 });
    await until(async () => (await countsOf(queue)).done >= 2);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await runRedis();
    await over;
    const { grades, failed } = await collect(queue, order.stage);
    expect(grades.map(({ student }) => student.id)).toEqual(fakeClass(10).map(({ student }) => student.id));
    expect(failed.size).toBe(0);
    expect(await countsOf(queue)).toMatchObject({ waiting: 0, running: 0, done: 10, failed: 0 });
    await queue.close();
  });

  it('takes the same submission once, and again when its files, the rubric or the deadline change', async () => {
    const grader = new FakeGrader();
    const queue = await openQueue(redis, grader.checks);
    const jobs = await jobsOf(grader);
    expect([await addJobs(queue, redis, jobs), await addJobs(queue, redis, jobs)]).toEqual([10, 0]);
    await work(working(grader));
    expect(grader.graded).toHaveLength(10);
    expect(await addJobs(queue, redis, jobs)).toBe(0);
    grader.files.set('s03', 'others');
    expect(await addJobs(queue, redis, await jobsOf(grader))).toBe(1);
    await work(working(grader));
    expect(grader.graded.slice(10)).toEqual(['s03']);
    const { grades } = await collect(queue, order.stage);
    expect(grades).toHaveLength(10);
    expect(grades[2]?.versions.submission).toBe('others');
    expect(new Set(jobs.map(keyOf)).size).toBe(10);
    await queue.close();
  });

  it('retries a broken job, and restarts it when it is added again', async () => {
    const grader = new FakeGrader();
    grader.special.set('s01', (grade) => ({ ...grade, status: 'broken', problem: 'no python3' }));
    const queue = await openQueue(redis, grader.checks);
    const jobs = await jobsOf(grader, [fakeSubmission('s01')]);
    await addJobs(queue, redis, jobs);
    await work(working(grader));
    expect(grader.graded).toEqual(['s01', 's01', 's01']);
    expect((await collect(queue, order.stage)).grades[0]).toMatchObject({ status: 'broken', problem: 'no python3' });
    grader.special.clear();
    expect(await addJobs(queue, redis, jobs)).toBe(1);
    await work(working(grader));
    expect((await collect(queue, order.stage)).grades[0]).toMatchObject({ status: 'graded' });
    await queue.close();
  });

  it('returns the jobs of a stopped worker, and leaves jobs of other checks alone', async () => {
    const grader = new FakeGrader();
    grader.msEach = 60_000;
    const queue = await openQueue(redis, grader.checks);
    await addJobs(queue, redis, await jobsOf(grader, fakeClass(1)));
    const abort = new AbortController();
    const stopped = work({ ...working(grader), signal: abort.signal });
    await until(async () => (await countsOf(queue)).running === 1);
    abort.abort();
    await stopped;
    expect(await countsOf(queue)).toMatchObject({ waiting: 1, running: 0, failed: 0 });
    const other = new FakeGrader();
    other.checks = 'checks-2';
    await work(working(other));
    expect(other.graded).toEqual([]);
    expect(await statusOf(redis)).toEqual([{ name: 'grade-checks-1', waiting: 1, running: 0, done: 0, failed: 0 }]);
    await queue.close();
  });

  it('reports an address where no server answers', async () => {
    await expect(connectRedis('redis://:secret@127.0.0.1:1')).rejects.toThrow(
      'No Redis server answers at redis://127.0.0.1:1 (ECONNREFUSED). Start one, or name it with: redis URL',
    );
    await expect(connectRedis('localhost')).rejects.toThrow(
      "begins with redis://, e.g. redis://127.0.0.1:6379; 'localhost'",
    );
  });
});
