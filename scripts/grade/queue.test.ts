/** `npm run grade queue collect` with a real Redis server; the marks in the queue are made up. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGrader } from '../../checkers/grade/batch/fake-grader.ts';
import { fakeClass, order, temporaryFolder } from '../../checkers/grade/batch/fixtures.ts';
import { checksVersion } from '../../checkers/grade/contract/versions.ts';
import { jobFor } from '../../checkers/grade/queue/job.ts';
import { addJobs, openQueue } from '../../checkers/grade/queue/queue.ts';
import { connectRedis } from '../../checkers/grade/queue/redis.ts';
import { work } from '../../checkers/grade/queue/work.ts';
import { takePortBlock } from '../../checkers/kernel/ports.ts';
import { root } from '../../checkers/root.ts';
import { run } from '../fixtures.ts';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;
const reason = missing ? ' (skipped: redis-server is not installed; apt-get install redis-server)' : '';
const folder = temporaryFolder();
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  if (missing) return;
  const block = await takePortBlock();
  const port = block.take();
  server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('redis-server has ended')));
    server.stdout?.on('data', (text) => String(text).includes('Ready to accept') && resolve());
  });
  block.release();
  url = `redis://127.0.0.1:${port}`;
});
afterAll(() => void server?.kill('SIGKILL'));

const collect = (...words: string[]) => {
  const start = join(root, 'scripts', 'start.mjs');
  const argv = [process.execPath, start, 'grade', 'queue', 'collect', 'stage', '4', 'redis', url, 'results', 'out'];
  return run([...argv, ...words], root, { INIT_CWD: folder });
};

/** The points of each student in the table. */
function points(): Record<string, string> {
  const rows = readFileSync(join(folder, 'out', 'grades.csv'), 'utf8')
    .trim()
    .split('\n');
  const column = rows[0]?.split(',').indexOf('points') ?? -1;
  return Object.fromEntries(rows.slice(1).map((row) => [row.split(',')[0], row.split(',')[column] ?? '']));
}

describe.skipIf(missing)(`collect${reason}`, () => {
  it('applies adjustments, and keeps them when it collects again', async () => {
    const grader = new FakeGrader();
    grader.checks = checksVersion();
    const redis = await connectRedis(url, 'write');
    const queue = await openQueue(redis, grader.checks);
    await addJobs(queue, redis, await Promise.all(fakeClass(3).map((one) => jobFor(one, order, grader))));
    const signal = new AbortController().signal;
    await work({ redis, grader, isolation: 'process-group', atOnce: 2, untilEmpty: true, signal });
    await queue.close();
    redis.disconnect();
    writeFileSync(join(folder, 'mine.csv'), 'id,points,reason,who\ns02,-4,talk,KL\ns99,1,x,KL\n');
    const { code, stderr } = await collect('adjust', 'mine.csv');
    expect([code, stderr]).toEqual([
      0,
      'The adjustments name s99, and no such student is in this class. Is s01 meant?\n',
    ]);
    expect(points()).toEqual({ s01: '10', s02: '6', s03: '10' });
    expect((await collect()).code).toBe(0);
    expect(points()).toMatchObject({ s02: '6' });
  }, 120_000);
});
