import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  errno,
  F_GETFL,
  F_SETFL,
  fcntl,
  MSG_DONTWAIT,
  MSG_PEEK,
  O_NONBLOCK,
  read,
  recv,
  SHUT_RD,
  SHUT_WR,
  SO_RCVBUF,
  SO_SNDBUF,
  SOL_SOCKET,
  send,
  setsockopt,
  shutdown,
  write,
} from '#linux';
import { connectedPair, expectNonBlocking, ready, received, sent } from './fixtures.ts';

test('bytes arrive as they were sent, both ways, in numbers of bytes', () => {
  const { client, server } = connectedPair();
  expect(sent(client, 'GET /\xff\x00')).toBe(7);
  expect(received(server)).toBe('GET /\xff\x00');
  expect(sent(server, 'ok')).toBe(2);
  expect(received(client)).toBe('ok');
});

test('only length bytes are sent and taken, and the buffer around them is left alone', () => {
  const { client, server } = connectedPair();
  expect(send(client, Buffer.from('..hello..').subarray(2), 5, 0)).toBe(5);
  ready(server);
  const buffer = Buffer.from('----------');
  expect(recv(server, buffer.subarray(4), 3, 0)).toBe(3);
  expect(buffer.toString()).toBe('----hel---');
  expect(received(server)).toBe('lo');
});

test('MSG_PEEK looks without taking', () => {
  const { client, server } = connectedPair();
  sent(client, 'abc');
  ready(server);
  const buffer = Buffer.alloc(2);
  expect(recv(server, buffer, 2, MSG_PEEK)).toBe(2);
  expect(buffer.toString()).toBe('ab');
  expect(received(server)).toBe('abc');
});

test('nothing has arrived: EAGAIN, with MSG_DONTWAIT as with O_NONBLOCK', () => {
  const { client, server } = connectedPair();
  expect(recv(client, Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(-1);
  expect(errno()).toBe('EAGAIN');
  expect(fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK)).toBe(0);
  expectNonBlocking(server);
  expect(recv(server, Buffer.alloc(1), 1, 0)).toBe(-1);
  expect(errno()).toBe('EAGAIN');
});

test('a full send buffer: send takes a part, then EAGAIN, and every byte taken arrives', () => {
  const { client, server } = connectedPair();
  for (const [fd, option] of [[client, SO_SNDBUF] as const, [server, SO_RCVBUF] as const]) {
    expect(setsockopt(fd, SOL_SOCKET, option, 16 * 1024)).toBe(0);
  }
  const big = Buffer.alloc(8 * 1024 * 1024, 'x');
  let taken = send(client, big, big.length, MSG_DONTWAIT);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(big.length);
  for (let n = 0; n !== -1; taken += n === -1 ? 0 : n) n = send(client, big, big.length, MSG_DONTWAIT);
  expect(errno()).toBe('EAGAIN');

  expect(shutdown(client, SHUT_WR)).toBe(0);
  let arrived = 0;
  for (let n = -1; n !== 0; arrived += n) n = received(server).length;
  expect(arrived).toBe(taken);
});

test('after SHUT_WR the peer sees the end of the stream and can still answer', () => {
  const { client, server } = connectedPair();
  sent(client, 'bye');
  expect(shutdown(client, SHUT_WR)).toBe(0);
  expect(received(server)).toBe('bye');
  expect(recv(server, Buffer.alloc(9), 9, MSG_DONTWAIT)).toBe(0);
  expect(recv(server, Buffer.alloc(9), 9, MSG_DONTWAIT)).toBe(0);
  expect(sent(server, 'answer')).toBe(6);
  expect(received(client)).toBe('answer');
});

test('after SHUT_RD there is nothing to receive: 0', () => {
  const { client } = connectedPair();
  expect(shutdown(client, SHUT_RD)).toBe(0);
  expect(recv(client, Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(0);
});

test('read and write move bytes of a file, and read says 0 at its end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'io-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lines');
  writeFileSync(path, 'one\ntwo\n');
  const input = openSync(path, 'r');
  const buffer = Buffer.from('----------');
  expect(read(input, buffer, 6)).toBe(6);
  expect(buffer.toString()).toBe('one\ntw----');
  expect(read(input, buffer.subarray(6), 4)).toBe(2);
  expect(read(input, buffer, 10)).toBe(0);
  closeSync(input);
  expect([read(input, buffer, 10), errno()]).toEqual([-1, 'EBADF']);

  const output = openSync(path, 'w');
  expect(write(output, buffer, 8)).toBe(8);
  closeSync(output);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
});

test('read and write do for a socket what recv and send do without flags', () => {
  const { client, server } = connectedPair();
  expect(write(client, Buffer.from('hello'), 5)).toBe(5);
  ready(server);
  const buffer = Buffer.alloc(9);
  expect([read(server, buffer, 9), buffer.toString('latin1', 0, 5)]).toEqual([5, 'hello']);
});

test.each([-1, 9, 1.5, Number.NaN, 2 ** 32])('a length of %d does not fit a buffer of 8 bytes', (length) => {
  expect(() => recv(-1, Buffer.alloc(8), length, 0)).toThrow(RangeError);
  expect(() => send(-1, Buffer.alloc(8), length, 0)).toThrow(`send: length ${length} does not fit`);
  expect(() => read(-1, Buffer.alloc(8), length)).toThrow(`read: length ${length} does not fit`);
  expect(() => write(-1, Buffer.alloc(8), length)).toThrow(RangeError);
});
