import { describe, expect, test } from 'vitest';
import {
  EPOLLRDHUP,
  errno,
  F_GETFL,
  F_SETFL,
  fcntl,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  O_NONBLOCK,
  recv,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SO_RCVBUF,
  SO_SNDBUF,
  SOL_SOCKET,
  send,
  setsockopt,
  shutdown,
} from '#linux';
import { closeNow, connectedPair, ready, resetNow, tcpSocket } from './fixtures.ts';

/** What has arrived, waiting for its first byte for 2 s at the most; '' at the end of the stream. */
function received(fd: number): string {
  ready(fd);
  const buffer = Buffer.alloc(1024);
  const n = recv(fd, buffer, buffer.length, MSG_DONTWAIT);
  return n === -1 ? errno() : buffer.toString('latin1', 0, n);
}

/** Offers a text to send() and returns what it did with it. */
function sent(fd: number, text: string, flags = 0): number | string {
  const n = send(fd, Buffer.from(text, 'latin1'), text.length, flags);
  return n === -1 ? errno() : n;
}

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
  expect(recv(server, buffer, 0, 0)).toBe(0);
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
  expect(recv(server, Buffer.alloc(9), 9, 0)).toBe(0);
  expect(recv(server, Buffer.alloc(9), 9, 0)).toBe(0);
  expect(sent(server, 'answer')).toBe(6);
  expect(received(client)).toBe('answer');
});

test('after SHUT_RD there is nothing to receive: 0', () => {
  const { client } = connectedPair();
  expect(shutdown(client, SHUT_RD)).toBe(0);
  expect(recv(client, Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(0);
});

describe('a broken connection:', () => {
  test('a reset by the peer is ECONNRESET once, then the end of the stream, and EPIPE for send', () => {
    const { client, server } = connectedPair();
    resetNow(server);
    expect(received(client)).toBe('ECONNRESET');
    expect(received(client)).toBe('');
    expect(sent(client, 'x')).toBe('EPIPE');
    expect(sent(client, 'x', MSG_NOSIGNAL)).toBe('EPIPE');
  });

  test('send is the first to hear of a reset: ECONNRESET', () => {
    const { client, server } = connectedPair();
    resetNow(server);
    ready(client);
    expect(sent(client, 'x')).toBe('ECONNRESET');
  });

  test('send to a peer that has closed succeeds once, is answered by a reset, and is then EPIPE', () => {
    const { client, server } = connectedPair();
    closeNow(server);
    expect(ready(client, EPOLLRDHUP)).toBe(EPOLLRDHUP);
    expect(sent(client, 'x')).toBe(1);
    ready(client, 0);
    expect(sent(client, 'x')).toBe('EPIPE');
  });

  test('send after SHUT_WR or SHUT_RDWR: EPIPE', () => {
    for (const how of [SHUT_WR, SHUT_RDWR]) {
      const { client } = connectedPair();
      expect(shutdown(client, how)).toBe(0);
      expect(sent(client, 'x')).toBe('EPIPE');
    }
  });

  test('a socket that never was connected: ENOTCONN, and EPIPE for send', () => {
    expect(shutdown(tcpSocket(), SHUT_RDWR)).toBe(-1);
    expect(errno()).toBe('ENOTCONN');
    expect(recv(tcpSocket(), Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(-1);
    expect(errno()).toBe('ENOTCONN');
    expect(sent(tcpSocket(), 'x')).toBe('EPIPE');
  });
});

test.each([-1, 9, 1.5, Number.NaN, 2 ** 32])('a length of %d does not fit a buffer of 8 bytes', (length) => {
  expect(() => recv(-1, Buffer.alloc(8), length, 0)).toThrow(RangeError);
  expect(() => send(-1, Buffer.alloc(8), length, 0)).toThrow(`send: length ${length} does not fit`);
});
