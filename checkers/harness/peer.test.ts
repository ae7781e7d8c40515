/** A peer at one end of a real connection, and a plain socket that plays the proxy at the other. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CheckFailure } from '../contract/check.ts';
import { Peer } from './peer.ts';
import { Timeline } from './timeline.ts';
import { Waiting } from './waiting.ts';

/** A stall timeout, in ms: long for loopback, and short for a test. */
const SHORT_MS = 60;

interface Scene {
  peer: Peer;
  proxy: Socket;
  waiting: Waiting;
  timeline: Timeline;
}

async function connectedPeer(): Promise<Scene> {
  const server = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const accepted = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  proxy.on('error', () => {});
  const [timeline, waiting] = [new Timeline(), new Waiting()];
  const peer = new Peer(accepted, 'client 1', timeline, waiting);
  onTestFinished(() => {
    peer.dispose();
    proxy.destroy();
    server.close();
  });
  return { peer, proxy, waiting, timeline };
}

async function failureOf(promise: Promise<void>): Promise<CheckFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CheckFailure) return error;
  throw new Error(`a CheckFailure should have been thrown, but it was: ${error}`);
}

const hello = Buffer.from('hello, world');

describe('expecting bytes', () => {
  it('accepts the right ones, in any pieces, and leaves later bytes unread', async () => {
    const { peer, proxy } = await connectedPeer();
    for (const piece of ['hel', 'lo,', ' world', ' and more']) await new Promise((next) => proxy.write(piece, next));
    await peer.expect(hello);
    await peer.expect(Buffer.from(' and more'));
    expect(peer.unreadBytes).toBe(0);
    expect(peer.receivedBytes).toBe(21);
  });

  it('stops at the first wrong byte, before the rest has come', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.write('hello, w');
    proxy.write('0rl');
    const failure = await failureOf(peer.expect(hello));
    expect(failure).toMatchObject({ symptom: 'wrong-bytes', observed: 'byte 8 is not the one that was sent' });
    expect(failure.expected).toBe('client 1 receives 12 bytes, just as they were sent');
    expect(failure.difference).toMatchObject({ offset: 8 });
  });

  it('reports how many came before an early end', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.end('hello');
    const failure = await failureOf(peer.expect(hello));
    expect(failure).toMatchObject({
      symptom: 'cut-short',
      observed: 'only the first 5 bytes came, then its connection was closed',
    });
  });

  it('reports a reset', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.resetAndDestroy();
    const failure = await failureOf(peer.expect(hello));
    expect(failure).toMatchObject({
      symptom: 'cut-short',
      observed: 'none of them came, then its connection was reset',
    });
    expect(peer.end).toBe('rst');
  });

  it('gives up when nothing comes for a while', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.write('h');
    const failure = await failureOf(peer.expect(hello, { stallMs: SHORT_MS }));
    expect(failure).toMatchObject({
      symptom: 'missing-bytes',
      observed: `only the first 1 byte came, then nothing for ${SHORT_MS / 1000} s`,
    });
  });

  it('does not wait for a program that has stopped', async () => {
    const { peer, waiting } = await connectedPeer();
    const expecting = failureOf(peer.expect(hello));
    waiting.stopped = true;
    expect(await expecting).toMatchObject({ symptom: 'stopped' });
  });

  it('takes bytes that came before an end', async () => {
    const { peer, proxy, waiting } = await connectedPeer();
    proxy.end(hello);
    await waiting.until(() => peer.end === 'fin', 5000);
    await peer.expect(hello);
  });
});

describe('expecting silence', () => {
  it('accepts silence, also when the connection ends', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.end();
    await peer.expectSilence(SHORT_MS);
  });

  it('shows unexpected bytes', async () => {
    const { peer, proxy } = await connectedPeer();
    proxy.write('\0\0\0');
    const failure = await failureOf(peer.expectSilence(5000));
    expect(failure).toMatchObject({ symptom: 'extra-bytes', observed: '3 bytes arrived that no peer sent' });
    expect(failure.difference?.observed).toEqual(Buffer.alloc(3));
  });
});

describe('expecting the end', () => {
  it.each(['end', 'resetAndDestroy'] as const)('accepts a socket’s %s()', async (how) => {
    const { peer, proxy } = await connectedPeer();
    proxy[how]();
    await peer.expectEnd('client-not-closed', 'after its upstream closed');
    expect(peer.end).toBe(how === 'end' ? 'fin' : 'rst');
  });

  it('reports which connection should have ended, and after which event', async () => {
    const { peer } = await connectedPeer();
    const failure = await failureOf(peer.expectEnd('client-not-closed', 'after its upstream closed', SHORT_MS));
    expect(failure).toMatchObject({
      symptom: 'client-not-closed',
      expected: "client 1's connection is closed after its upstream closed",
      observed: `it was still open ${SHORT_MS / 1000} s later`,
    });
  });
});

describe('a peer that', () => {
  it('closes ends the stream after its bytes', async () => {
    const { peer, proxy } = await connectedPeer();
    const received: Buffer[] = [];
    proxy.on('data', (bytes) => received.push(bytes));
    const ended = new Promise((resolve) => proxy.once('end', resolve));
    await peer.send(hello);
    peer.close();
    await ended;
    expect(Buffer.concat(received)).toEqual(hello);
  });

  it('resets breaks the connection', async () => {
    const { peer, proxy } = await connectedPeer();
    const error = new Promise<NodeJS.ErrnoException>((resolve) => proxy.once('error', resolve));
    proxy.resume();
    peer.reset();
    expect((await error).code).toBe('ECONNRESET');
  });

  it('pauses reads nothing until it resumes, slowly if told to', async () => {
    const { peer, proxy, waiting } = await connectedPeer();
    peer.pause();
    proxy.write(hello);
    await waiting.until(() => peer.receivedBytes > 0, SHORT_MS);
    expect(peer.receivedBytes).toBe(0);
    peer.resume({ restMs: 1 });
    await peer.expect(hello);
  });

  it('neither throws nor hangs when it sends on a connection that was reset', async () => {
    const { peer, proxy, waiting } = await connectedPeer();
    proxy.resetAndDestroy();
    await waiting.until(() => peer.end === 'rst', 5000);
    await peer.send(Buffer.alloc(10_000_000));
  });
});

it('records its events, with neighbouring transfers as one', async () => {
  const { peer, proxy, timeline } = await connectedPeer();
  await peer.send(Buffer.from('one'));
  await peer.send(Buffer.from('two'));
  proxy.end(hello);
  await peer.expect(hello);
  await peer.expectEnd('client-not-closed', 'at the end');
  peer.close();
  expect(timeline.entries.map(({ who, what, bytes }) => ({ who, what, bytes }))).toEqual([
    { who: 'client 1', what: 'sends', bytes: 6 },
    { who: 'client 1', what: 'receives', bytes: 12 },
    { who: 'client 1', what: 'fin', bytes: undefined },
    { who: 'client 1', what: 'closes', bytes: undefined },
  ]);
});
