import { fstatSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  close,
  errno,
  F_GETPIPE_SZ,
  F_SETPIPE_SZ,
  fcntl,
  O_CLOEXEC,
  O_NONBLOCK,
  pipe2,
  read,
  SHUT_WR,
  SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK,
  shutdown,
  splice,
  write,
} from '#linux';
import { connectedPair, expectNonBlocking, opened, ready, received, sent } from './fixtures.ts';

/** A pipe that does not wait, closed when its test ends. */
function pipe(flags = O_NONBLOCK): { out: number; into: number } {
  const ends: number[] = [];
  expect(pipe2(ends, flags)).toBe(0);
  return { out: opened(ends[0] ?? -1), into: opened(ends[1] ?? -1) };
}

/** Moves what there is, without waiting. */
function move(from: number, to: number, size = 65_536): number | string {
  const moved = splice(from, null, to, null, size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  return moved === -1 ? errno() : moved;
}

describe('pipe2', () => {
  test('what goes into its one end comes out of the other', () => {
    const { out, into } = pipe();
    expect(fstatSync(out).isFIFO()).toBe(true);
    expect(write(into, Buffer.from('hello'), 5)).toBe(5);
    const buffer = Buffer.alloc(16);
    expect(read(out, buffer, buffer.length)).toBe(5);
    expect(buffer.toString('latin1', 0, 5)).toBe('hello');
  });

  test('O_NONBLOCK makes both ends say EAGAIN instead of waiting', () => {
    const { out, into } = pipe(O_NONBLOCK | O_CLOEXEC);
    expectNonBlocking(out);
    expectNonBlocking(into);
    expect(read(out, Buffer.alloc(1), 1)).toBe(-1);
    expect(errno()).toBe('EAGAIN');
  });

  test('refuses unknown flags, and creates no descriptors', () => {
    const ends: number[] = [];
    expect(pipe2(ends, 1)).toBe(-1);
    expect(errno()).toBe('EINVAL');
    expect(ends).toEqual([]);
  });

  test('its size is a power of two that can be set', () => {
    const { out } = pipe();
    expect(fcntl(out, F_GETPIPE_SZ)).toBe(65_536);
    expect(fcntl(out, F_SETPIPE_SZ, 100_000)).toBe(131_072);
    expect(fcntl(out, F_GETPIPE_SZ)).toBe(131_072);
    const { client } = connectedPair();
    expect(fcntl(client, F_GETPIPE_SZ)).toBe(-1);
    expect(errno()).toBe('EBADF');
  });
});

describe('splice', () => {
  test("moves a socket's bytes through a pipe into another socket", () => {
    const [from, to] = [connectedPair(), connectedPair()];
    const { out, into } = pipe();
    expect(sent(from.client, 'over the wire')).toBe(13);
    ready(from.server);
    expect(move(from.server, into)).toBe(13);
    expect(move(out, to.client)).toBe(13);
    expect(received(to.server)).toBe('over the wire');
  });

  test('moves no more than it was asked to', () => {
    const from = connectedPair();
    const { into } = pipe();
    expect(sent(from.client, 'abcdef')).toBe(6);
    ready(from.server);
    expect(move(from.server, into, 2)).toBe(2);
    expect(received(from.server)).toBe('cdef');
  });

  test('is 0 at the end of the stream', () => {
    const from = connectedPair();
    const { into } = pipe();
    expect(shutdown(from.client, SHUT_WR)).toBe(0);
    ready(from.server);
    expect(move(from.server, into)).toBe(0);
  });

  test('says EAGAIN for an empty pipe, EPIPE if the reading end is closed, EINVAL without any pipe', () => {
    const to = connectedPair();
    const { out, into } = pipe();
    expect(move(out, to.client)).toBe('EAGAIN');
    expect(move(to.server, to.client)).toBe('EINVAL');
    const ends: number[] = [];
    expect(pipe2(ends, O_NONBLOCK)).toBe(0);
    onTestFinished(() => void close(ends[1] ?? -1));
    expect(close(ends[0] ?? -1)).toBe(0);
    expect(write(into, Buffer.from('x'), 1)).toBe(1);
    expect(move(out, ends[1] ?? -1)).toBe('EPIPE');
  });
});
