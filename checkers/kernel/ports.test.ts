import { createServer, type Server } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { type PortBlock, takePortBlock, tryListen } from './ports.ts';
import { readListeners } from './tcp-table.ts';

afterEach(() => void vi.restoreAllMocks());

/** Ports in a block. A block begins at a multiple of this; its first port is its lock. */
const BLOCK = 64;

async function block(): Promise<PortBlock> {
  const taken = await takePortBlock();
  onTestFinished(() => taken.release());
  return taken;
}

function firstPort(taken: PortBlock): number {
  return taken.take() & ~(BLOCK - 1);
}

async function occupy(port: number): Promise<void> {
  const server = await tryListen(port);
  onTestFinished(() => void server?.close());
}

/** Makes each search begin at the same block. */
function searchFromTheStart(): void {
  vi.spyOn(Math, 'random').mockReturnValue(0);
}

it('hands out each port of a block once, and complains when there are no more', async () => {
  const taken = await block();
  const first = taken.take();
  const all = Array.from({ length: BLOCK }, (_, index) => (first & ~(BLOCK - 1)) + index);
  // The first is the lock; one whose two bytes are equal is left out.
  const due = all.slice(1).filter((port) => port >> 8 !== (port & 0xff));
  expect([first, ...due.slice(1).map(() => taken.take())]).toEqual(due);
  expect(() => taken.take()).toThrow('more ports');
});

it('takes blocks that do not overlap', async () => {
  searchFromTheStart();
  const blocks = await Promise.all(Array.from({ length: 5 }, block));
  const starts = blocks.map(firstPort).toSorted((a, b) => a - b);
  starts.slice(1).forEach((start, index) => {
    expect(start - (starts[index] ?? 0)).toBeGreaterThanOrEqual(BLOCK);
  });
});

it('skips a block with a port in use', async () => {
  searchFromTheStart();
  const before = await takePortBlock();
  const start = firstPort(before);
  before.release();
  await occupy(start + 40);
  const after = firstPort(await block());
  expect(after >= start + BLOCK || after < start).toBe(true);
});

it('locks a block by listening on its first port, until it is released', async () => {
  const taken = await takePortBlock();
  const start = firstPort(taken);
  expect(await tryListen(start)).toBeUndefined();
  taken.release();
  await vi.waitFor(() => expect(readListeners().map((row) => row.localPort)).not.toContain(start));
});

it('returns undefined for a port in use', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  expect(await tryListen(portOf(server))).toBeUndefined();
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}
