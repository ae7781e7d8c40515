import { expect, test } from 'vitest';
import {
  bind,
  connect,
  EPOLLERR,
  EPOLLOUT,
  errno,
  getsockopt,
  IPPROTO_TCP,
  listen,
  SO_ERROR,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_SNDBUF,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  setsockopt,
  sockaddr_in,
  strerror,
  TCP_NODELAY,
} from '#linux';
import { boundSocket, portOf, ready, tcpSocket } from './fixtures.ts';

/** An option whose value is a C int. */
function intOption(fd: number, level: number, option: number): number {
  const value = Buffer.alloc(4);
  expect(getsockopt(fd, level, option, value)).toBe(0);
  return value.readInt32LE();
}

test.each([
  ['SO_REUSEADDR', SOL_SOCKET, SO_REUSEADDR],
  ['SO_REUSEPORT', SOL_SOCKET, SO_REUSEPORT],
  ['TCP_NODELAY', IPPROTO_TCP, TCP_NODELAY],
])('%s is off, then on, then off', (_name, level, option) => {
  const fd = tcpSocket();
  expect(intOption(fd, level, option)).toBe(0);
  expect(setsockopt(fd, level, option, 1)).toBe(0);
  expect(intOption(fd, level, option)).toBe(1);
  expect(setsockopt(fd, level, option, 0)).toBe(0);
  expect(intOption(fd, level, option)).toBe(0);
});

test.each([
  ['SO_RCVBUF', SO_RCVBUF],
  ['SO_SNDBUF', SO_SNDBUF],
])('the kernel doubles %s', (_name, option) => {
  const fd = tcpSocket();
  expect(setsockopt(fd, SOL_SOCKET, option, 32 * 1024)).toBe(0);
  expect(intOption(fd, SOL_SOCKET, option)).toBe(64 * 1024);
});

test('an option can be a struct: SO_LINGER', () => {
  const fd = tcpSocket();
  const onForThreeSeconds = Buffer.from('0100000003000000', 'hex');
  expect(setsockopt(fd, SOL_SOCKET, SO_LINGER, onForThreeSeconds)).toBe(0);
  const value = Buffer.alloc(8);
  expect(getsockopt(fd, SOL_SOCKET, SO_LINGER, value)).toBe(0);
  expect(value).toEqual(onForThreeSeconds);
});

test('two sockets with SO_REUSEPORT listen on one port', () => {
  const first = tcpSocket();
  const second = tcpSocket();
  for (const fd of [first, second]) expect(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, 1)).toBe(0);
  expect(bind(first, sockaddr_in('127.0.0.1', 0))).toBe(0);
  expect(bind(second, sockaddr_in('127.0.0.1', portOf(first)))).toBe(0);
  for (const fd of [first, second]) expect(listen(fd, 1)).toBe(0);
});

test('SO_ERROR says how a non-blocking connect ended, once', () => {
  const client = tcpSocket(SOCK_NONBLOCK);
  expect(connect(client, sockaddr_in('127.0.0.1', boundSocket().port))).toBe(-1);
  expect(errno()).toBe('EINPROGRESS');
  expect(ready(client, EPOLLOUT) & EPOLLERR).toBe(EPOLLERR);
  expect(strerror(intOption(client, SOL_SOCKET, SO_ERROR))).toBe(strerror('ECONNREFUSED'));
  expect(intOption(client, SOL_SOCKET, SO_ERROR)).toBe(0);
});

test('an option that does not exist: ENOPROTOOPT', () => {
  const fd = tcpSocket();
  expect(setsockopt(fd, SOL_SOCKET, 9999, 1)).toBe(-1);
  expect(errno()).toBe('ENOPROTOOPT');
  expect(getsockopt(fd, SOL_SOCKET, 9999, Buffer.alloc(4))).toBe(-1);
  expect(errno()).toBe('ENOPROTOOPT');
});

test('a value with too few bytes: EINVAL', () => {
  expect(setsockopt(tcpSocket(), SOL_SOCKET, SO_REUSEADDR, Buffer.alloc(2))).toBe(-1);
  expect(errno()).toBe('EINVAL');
});

test('a value that is not a C int throws a RangeError', () => {
  expect(() => setsockopt(tcpSocket(), SOL_SOCKET, SO_REUSEADDR, 2 ** 31)).toThrow(RangeError);
});
