/** Errors of connections that have ended or were never established. */
import { expect, test } from 'vitest';
import { EPOLLRDHUP, errno, MSG_DONTWAIT, MSG_NOSIGNAL, recv, SHUT_RDWR, SHUT_WR, shutdown } from '#linux';
import { closeNow, connectedPair, ready, received, resetNow, sent, tcpSocket } from './fixtures.ts';

test('a reset by the peer is ECONNRESET once, then the end of the stream, and EPIPE for send', () => {
  const { client, server } = connectedPair();
  resetNow(server);
  expect(received(client)).toBe('ECONNRESET');
  expect(received(client)).toBe('');
  expect(sent(client, 'x')).toBe('EPIPE');
  expect(sent(client, 'x', MSG_NOSIGNAL)).toBe('EPIPE');
});

test('a reset is first reported to send: ECONNRESET', () => {
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

test('a socket that was never connected: ENOTCONN, and EPIPE for send', () => {
  expect(shutdown(tcpSocket(), SHUT_RDWR)).toBe(-1);
  expect(errno()).toBe('ENOTCONN');
  expect(recv(tcpSocket(), Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(-1);
  expect(errno()).toBe('ENOTCONN');
  expect(sent(tcpSocket(), 'x')).toBe('EPIPE');
});
