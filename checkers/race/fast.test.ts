import { readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Reaper } from '../harness/reaper.ts';
import { type PortBlock, takePortBlock } from '../kernel/ports.ts';
import { processTree, stateLetter } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import { cpuSeconds } from './cost.ts';
import { commandRacer, fileRacer, proxyFile } from './racer.ts';
import { Runner } from './running.ts';

const builds = join(root, '.workshop', 'races', `fast-test-${process.pid}`);
const reaper = new Reaper();
let block: PortBlock;
let command = '';
let upstream: Server;
const sockets = new Set<Socket>();
const runners: Runner[] = [];

beforeAll(async () => {
  block = await takePortBlock();
  const racer = await fileRacer(proxyFile(9, 'solutions') ?? '', 'stage 9', builds);
  const ports = { proxy: 1, upstream: 1 };
  command = racer.prepare?.(ports, builds).argv.join(' ') ?? '';
  upstream = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).pipe(socket));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const runner of runners.splice(0)) await runner.end();
  await new Promise((resolve) => upstream.close(resolve));
});

afterAll(() => {
  block.release();
  reaper.release();
  rmSync(builds, { recursive: true, force: true });
});

/** The proxy, started with a command prefix, and an echo server behind it. */
async function start(before: string): Promise<Runner> {
  const ports = { proxy: block.take(), upstream: block.take() };
  await new Promise<void>((resolve) => upstream.listen(ports.upstream, '127.0.0.1', resolve));
  const runner = new Runner(commandRacer(`${before} exec ${command}`, root), ports, reaper, builds);
  runners.push(runner);
  expect(await runner.ready()).toBeUndefined();
  return runner;
}

/** Connects, and returns whether the echo arrived within a timeout in ms. */
function ping(port: number, ms: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.add(socket);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const done = (answer: boolean) => (): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    socket.on('data', done(true)).on('error', done(false)).on('close', done(false));
    socket.write('ping');
  });
}

test('two workers share the port, and after the first has exited the second exits with its last client', async () => {
  const runner = await start('WORKERS=2');
  await vi.waitFor(() => expect(processTree(runner.pid)).toHaveLength(2), 10_000);
  const [first = 0, second = 0] = processTree(runner.pid);
  // The second one listens a little later than the first. Each of them gets some of twenty clients.
  await vi.waitFor(async () => {
    const before = [first, second].map(descriptors);
    for (let i = 0; i < 20; i += 1) expect(await ping(runner.port, 2000)).toBe(true);
    const after = [first, second].map(descriptors);
    for (const [index, count] of after.entries()) expect(count).toBeGreaterThan(before[index] ?? 0);
  }, 20_000);
  process.kill(first, 'SIGKILL');
  for (const socket of sockets) socket.destroy();
  await vi.waitFor(() => expect(stateLetter(second) ?? 'Z').toMatch(/[ZX]/), 5000);
}, 40_000);

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

test.each([64, 65])(
  'with %i descriptors it neither dies nor spins, and serves again when the crowd has gone',
  async (limit) => {
    const runner = await start(`ulimit -n ${limit};`);
    expect(await ping(runner.port, 5000)).toBe(true);
    const crowd = Promise.all(Array.from({ length: 80 }, () => ping(runner.port, 1500)));
    await vi.waitFor(() => expect(descriptors(runner.pid)).toBeGreaterThan(limit - 3), 5000);
    const before = cpuSeconds(runner.pid);
    await crowd;
    expect(cpuSeconds(runner.pid) - before).toBeLessThan(0.75);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect(await ping(runner.port, 1000)).toBe(true), 10_000);
  },
  30_000,
);
