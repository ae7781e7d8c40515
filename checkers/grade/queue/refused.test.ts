/** Servers that accept a connection but refuse commands, each reported in a sentence. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { takePortBlock } from '../../kernel/ports.ts';
import { FakeGrader } from '../batch/fake-grader.ts';
import { fakeSubmission, order, temporaryFolder } from '../batch/fixtures.ts';
import { BatchError } from '../contract/batch-error.ts';
import { jobFor } from './job.ts';
import { addJobs, collect, openQueue, statusOf } from './queue.ts';
import { connectRedis, refusalOf } from './redis.ts';
import { Refusals } from './work.ts';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;
const reason = missing ? ' (skipped: redis-server is not installed; apt-get install redis-server)' : '';
const folder = temporaryFolder();
let server: ChildProcess | undefined;

afterEach(async () => {
  if (server === undefined) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
  server = undefined;
});

async function startRedis(...settings: string[]): Promise<number> {
  const block = await takePortBlock();
  const port = block.take();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...settings];
  const started = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  server = started;
  await new Promise<void>((resolve, reject) => {
    started.once('error', reject);
    started.once('exit', () => reject(new Error('redis-server has ended')));
    started.stdout?.on('data', (text) => String(text).includes('Ready to accept') && resolve());
  });
  block.release();
  return port;
}

describe.skipIf(missing)(`a Redis server that refuses${reason}`, () => {
  it.each([
    ['without a password', ['--requirepass', 'secret'], '', /refuses: it asks for a password\. /],
    ['a wrong password', ['--requirepass', 'secret'], ':wrong@', /refuses: the user name or the password is wrong\. /],
    ['with its memory full', ['--maxmemory', '100kb'], '', /refuses: its memory is full\. /],
    ['as a replica', ['--replicaof', '127.0.0.1', '1'], '', /refuses: it is a replica that can only be read\. /],
    [
      'a user without rights',
      ['--user', 'ada', 'on', '>pass', '~*', '+@read'],
      'ada:pass@',
      /refuses: its user may not /,
    ],
  ])('%s is told in a sentence', async (_, settings, user, sentence) => {
    const port = await startRedis(...settings);
    const failure = await connectRedis(`redis://${user}127.0.0.1:${port}`).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(BatchError);
    expect((failure as Error).message).toMatch(sentence);
    expect((failure as Error).message).not.toMatch(/secret|pass@|wrong@/);
  });

  it.each([
    ['is full', ['CONFIG', 'SET', 'maxmemory', '100kb']],
    ['has become a replica', ['REPLICAOF', '127.0.0.1', '1']],
  ])('still serves its jobs and results when it %s', async (_, [name = '', ...words]) => {
    const url = `redis://127.0.0.1:${await startRedis()}`;
    const before = await connectRedis(url);
    const grader = new FakeGrader();
    const queue = await openQueue(before, grader.checksVersion());
    await addJobs(queue, before, [await jobFor(fakeSubmission('ada'), order, grader)]);
    await queue.close();
    await before.call(name, ...words);
    before.disconnect();
    const redis = await connectRedis(url, 'read');
    expect(await statusOf(redis)).toMatchObject([{ waiting: 1, done: 0 }]);
    const again = await openQueue(redis, grader.checksVersion());
    expect((await collect(again, order.stage)).jobs.map(({ submission }) => submission.student.id)).toEqual(['ada']);
    await again.close();
    redis.disconnect();
    await expect(connectRedis(url)).rejects.toThrow(/refuses: it/);
  });

  it('reports a database that does not exist', async () => {
    const port = await startRedis();
    await expect(connectRedis(`redis://127.0.0.1:${port}/99`)).rejects.toThrow(
      /it has no database with this number\. /,
    );
  });

  it('is reported when it begins to refuse later', async () => {
    const port = await startRedis();
    const url = `redis://127.0.0.1:${port}`;
    const redis = await connectRedis(url);
    await redis.call('REPLICAOF', '127.0.0.1', '1');
    const failure = await redis.set('workshop:x', '1').catch((error: Error) => error);
    expect(refusalOf(failure as Error, url)?.message).toMatch(/it is a replica that can only be read/);
    redis.disconnect();
  });
});

it('reports a server that is not Redis', async () => {
  const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(connectRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow(BatchError);
  other.closeAllConnections();
  other.close();
});

it('leaves errors that do not come from Redis alone', () => {
  expect(refusalOf(new TypeError('x is not a function'), 'redis://127.0.0.1')).toBeUndefined();
});

describe('refusals in a row', () => {
  const error = new Error("READONLY You can't write against a read only replica.");

  it('end the work after a minute', () => {
    const refusals = new Refusals();
    for (let at = 0; at <= 61_000; at += 5000) refusals.note(error, at);
    expect(() => refusals.mustNotLast(61_000)).toThrow('READONLY');
  });

  it('do not, where the server is well in between, or well again', () => {
    const refusals = new Refusals();
    refusals.note(error, 0);
    refusals.note(error, 70_000);
    expect(() => refusals.mustNotLast(70_001)).not.toThrow();
    for (let at = 70_000; at <= 140_000; at += 5000) refusals.note(error, at);
    expect(() => refusals.mustNotLast(160_000)).not.toThrow();
  });
});
