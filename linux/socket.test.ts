import { describe, expect, test } from 'vitest';
import {
  AF_INET,
  accept,
  accept4,
  bind,
  connect,
  EPOLLIN,
  EPOLLOUT,
  errno,
  F_GETFL,
  fcntl,
  getpeername,
  getsockname,
  listen,
  O_NONBLOCK,
  parse_sockaddr_in,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCKADDR_IN_LENGTH,
  sockaddr_in,
  socket,
} from '#linux';
import {
  boundSocket,
  closeNow,
  connectedPair,
  expectNonBlocking,
  listeningSocket,
  opened,
  portOf,
  ready,
  tcpSocket,
} from './fixtures.ts';

test('a connection: both ends know each other by address', () => {
  const { fd, port } = listeningSocket();
  const client = tcpSocket();
  expect(connect(client, sockaddr_in('127.0.0.1', port))).toBe(0);

  ready(fd);
  const peer = Buffer.alloc(SOCKADDR_IN_LENGTH);
  const length = { value: peer.length };
  const server = opened(accept(fd, peer, length));
  expect(length.value).toBe(SOCKADDR_IN_LENGTH);
  expect(parse_sockaddr_in(peer)).toEqual({ address: '127.0.0.1', port: portOf(client) });

  expect(portOf(server)).toBe(port);
  const address = Buffer.alloc(SOCKADDR_IN_LENGTH);
  expect(getpeername(client, address)).toBe(0);
  expect(parse_sockaddr_in(address)).toEqual({ address: '127.0.0.1', port });
});

test('a connection can be accepted without asking for the peer’s address', () => {
  const { fd, port } = listeningSocket();
  expect(connect(tcpSocket(), sockaddr_in('127.0.0.1', port))).toBe(0);
  ready(fd);
  opened(accept(fd));
});

test('accept4 gives the new connection its flags, which accept does not pass on', () => {
  const { fd, port } = listeningSocket();
  for (const _ of [1, 2, 3]) expect(connect(tcpSocket(SOCK_NONBLOCK), sockaddr_in('127.0.0.1', port))).toBe(-1);
  ready(fd);
  expectNonBlocking(opened(accept4(fd, null, null, SOCK_NONBLOCK)));
  expect(fcntl(opened(accept4(fd, null, null, 0)), F_GETFL) & O_NONBLOCK).toBe(0);

  const peer = Buffer.alloc(SOCKADDR_IN_LENGTH);
  const length = { value: peer.length };
  opened(accept4(fd, peer, length, SOCK_CLOEXEC));
  expect(length.value).toBe(SOCKADDR_IN_LENGTH);
  expect(parse_sockaddr_in(peer).address).toBe('127.0.0.1');

  expect(accept4(fd, null, null, 1)).toBe(-1);
  expect(errno()).toBe('EINVAL');
});

test('an address longer than its room is cut off, and the length says how long it would have been', () => {
  const { fd, port } = boundSocket();
  const address = Buffer.alloc(SOCKADDR_IN_LENGTH, 0xee);
  const length = { value: 4 };
  expect(getsockname(fd, address, length)).toBe(0);
  expect(length.value).toBe(SOCKADDR_IN_LENGTH);
  expect(address.readUInt16BE(2)).toBe(port);
  expect(address.subarray(4)).toEqual(Buffer.alloc(12, 0xee));
});

test('an address bigger than a socket address needs leaves the rest alone', () => {
  const address = Buffer.alloc(64, 0xee);
  expect(getsockname(boundSocket().fd, address)).toBe(0);
  expect(address.subarray(SOCKADDR_IN_LENGTH)).toEqual(Buffer.alloc(48, 0xee));
});

test('a port can be taken once: EADDRINUSE', () => {
  const { port } = listeningSocket();
  expect(bind(tcpSocket(), sockaddr_in('127.0.0.1', port))).toBe(-1);
  expect(errno()).toBe('EADDRINUSE');
});

test('connecting to a port without a listener: ECONNREFUSED', () => {
  expect(connect(tcpSocket(), sockaddr_in('127.0.0.1', boundSocket().port))).toBe(-1);
  expect(errno()).toBe('ECONNREFUSED');
});

test('a socket can be connected once: EISCONN', () => {
  const { client } = connectedPair();
  expect(connect(client, sockaddr_in('127.0.0.1', boundSocket().port))).toBe(-1);
  expect(errno()).toBe('EISCONN');
});

test('accept on a non-blocking socket without a waiting connection: EAGAIN', () => {
  const fd = tcpSocket(SOCK_NONBLOCK);
  expectNonBlocking(fd);
  expect(bind(fd, sockaddr_in('127.0.0.1', 0))).toBe(0);
  expect(listen(fd, 1)).toBe(0);
  expect(accept(fd)).toBe(-1);
  expect(errno()).toBe('EAGAIN');
});

test('accept4 returns EAGAIN without a waiting connection, and refuses unknown flags', () => {
  const fd = tcpSocket(SOCK_NONBLOCK);
  expect(bind(fd, sockaddr_in('127.0.0.1', 0))).toBe(0);
  expect(listen(fd, 1)).toBe(0);
  expect(accept4(fd, null, null, 0)).toBe(-1);
  expect(errno()).toBe('EAGAIN');
  expect(accept4(fd, null, null, 1)).toBe(-1);
  expect(errno()).toBe('EINVAL');
});

test('accept needs a listening socket: EINVAL, and the length stays', () => {
  const length = { value: SOCKADDR_IN_LENGTH };
  expect(accept(boundSocket().fd, Buffer.alloc(SOCKADDR_IN_LENGTH), length)).toBe(-1);
  expect(errno()).toBe('EINVAL');
  expect(length.value).toBe(SOCKADDR_IN_LENGTH);
});

test('a socket without a peer has no peer address: ENOTCONN', () => {
  expect(getpeername(tcpSocket(), Buffer.alloc(SOCKADDR_IN_LENGTH))).toBe(-1);
  expect(errno()).toBe('ENOTCONN');
});

test('a family, type and protocol that do not go together make no socket', () => {
  expect(socket(AF_INET, 99, 0)).toBe(-1);
  expect(errno()).toBe('EINVAL');
  expect(socket(9999, 1, 0)).toBe(-1);
  expect(errno()).toBe('EAFNOSUPPORT');
});

test('a non-blocking connect is under way at once and done when the socket is writable', () => {
  const { fd, port } = listeningSocket();
  const client = tcpSocket(SOCK_NONBLOCK);
  expect(connect(client, sockaddr_in('127.0.0.1', port))).toBe(-1);
  expect(errno()).toBe('EINPROGRESS');
  expect(ready(client, EPOLLOUT)).toBe(EPOLLOUT);
  expect(ready(fd)).toBe(EPOLLIN);
});

describe('a length that does not fit its buffer throws a RangeError and does not reach the kernel:', () => {
  const short = Buffer.alloc(8);
  const calls = { bind, connect };
  test.each(['bind', 'connect'] as const)('%s', (name) => {
    for (const length of [9, -1, 1.5, Number.NaN]) expect(() => calls[name](-1, short, length)).toThrow(RangeError);
    expect(calls[name](-1, short)).toBe(-1);
    expect(errno()).toBe('EBADF');
  });

  const askers = { accept, getsockname, getpeername };
  test.each(['accept', 'getsockname', 'getpeername'] as const)('%s', (name) => {
    for (const value of [9, -1, 1.5, Number.NaN]) expect(() => askers[name](-1, short, { value })).toThrow(RangeError);
    expect(askers[name](-1, short)).toBe(-1);
    expect(errno()).toBe('EBADF');
  });
});

test('a port is free again once its socket is closed', () => {
  const { fd, port } = listeningSocket();
  closeNow(fd);
  expect(bind(tcpSocket(), sockaddr_in('127.0.0.1', port))).toBe(0);
});
