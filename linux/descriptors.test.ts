import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import {
  accept,
  accept4,
  bind,
  close,
  connect,
  EPOLL_CTL_ADD,
  EPOLLIN,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  F_GETFL,
  F_SETFL,
  fcntl,
  getpeername,
  getsockname,
  getsockopt,
  listen,
  O_NONBLOCK,
  recv,
  SHUT_RDWR,
  SO_ERROR,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  send,
  setsockopt,
  shutdown,
  sockaddr_in,
  splice,
} from '#linux';
import { opened, tcpSocket, watching } from './fixtures.ts';

const O_RDWR = 2;
const bytes = Buffer.alloc(16);

/** Every call that takes a socket, made on any descriptor. */
const onSocket: Record<string, (fd: number) => number> = {
  accept: (fd) => accept(fd),
  accept4: (fd) => accept4(fd, null, null, SOCK_NONBLOCK),
  bind: (fd) => bind(fd, sockaddr_in('127.0.0.1', 0)),
  connect: (fd) => connect(fd, sockaddr_in('127.0.0.1', 1)),
  getpeername: (fd) => getpeername(fd, bytes),
  getsockname: (fd) => getsockname(fd, bytes),
  getsockopt: (fd) => getsockopt(fd, SOL_SOCKET, SO_ERROR, bytes),
  listen: (fd) => listen(fd, 1),
  recv: (fd) => recv(fd, bytes, 1, 0),
  send: (fd) => send(fd, bytes, 1, 0),
  setsockopt: (fd) => setsockopt(fd, SOL_SOCKET, 2, 1),
  shutdown: (fd) => shutdown(fd, SHUT_RDWR),
};

/** Every call that takes any descriptor. */
const onDescriptor: Record<string, (fd: number) => number> = {
  ...onSocket,
  close: (fd) => close(fd),
  epoll_ctl: (fd) => epoll_ctl(fd, EPOLL_CTL_ADD, 0, { events: EPOLLIN, data: { fd: 0 } }),
  epoll_wait: (fd) => epoll_wait(fd, [], 1, 0),
  fcntl: (fd) => fcntl(fd, F_GETFL),
  splice: (fd) => splice(fd, null, fd, null, 1, 0),
};

test.each(Object.entries(onDescriptor))('%s on a descriptor that is not open: EBADF', (_name, call) => {
  expect(call(-1)).toBe(-1);
  expect(errno()).toBe('EBADF');
});

test.each(Object.entries(onSocket))('%s on a file: ENOTSOCK', (_name, call) => {
  const file = openSync(fileURLToPath(import.meta.url), 'r');
  onTestFinished(() => closeSync(file));
  expect(call(file)).toBe(-1);
  expect(errno()).toBe('ENOTSOCK');
});

test('a descriptor is closed once: EBADF', () => {
  const fd = epoll_create1(0);
  expect(close(fd)).toBe(0);
  expect(close(fd)).toBe(-1);
  expect(errno()).toBe('EBADF');
});

test('fcntl reads the flags and sets them', () => {
  const fd = tcpSocket();
  expect(fcntl(fd, F_GETFL)).toBe(O_RDWR);
  expect(fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK)).toBe(0);
  expect(fcntl(fd, F_GETFL)).toBe(O_RDWR | O_NONBLOCK);
  expect(fcntl(fd, F_SETFL, O_RDWR)).toBe(0);
  expect(fcntl(fd, F_GETFL)).toBe(O_RDWR);
});

test('fcntl sees the flag that socket set', () => {
  expect(fcntl(tcpSocket(SOCK_NONBLOCK), F_GETFL) & O_NONBLOCK).toBe(O_NONBLOCK);
});

test('fcntl with an operation that does not exist: EINVAL', () => {
  expect(fcntl(tcpSocket(), 9999)).toBe(-1);
  expect(errno()).toBe('EINVAL');
});

test('epoll_create1 with flags that do not exist: EINVAL', () => {
  expect(epoll_create1(1)).toBe(-1);
  expect(errno()).toBe('EINVAL');
});

test('a descriptor that is not an epoll instance: EINVAL', () => {
  const socket = tcpSocket();
  expect(epoll_wait(socket, [], 1, 0)).toBe(-1);
  expect(errno()).toBe('EINVAL');
  const epfd = opened(epoll_create1(0));
  expect(epoll_ctl(socket, EPOLL_CTL_ADD, epfd, { events: EPOLLIN, data: { fd: epfd } })).toBe(-1);
  expect(errno()).toBe('EINVAL');
  expect(epoll_wait(watching(EPOLLIN), [], 0, 0)).toBe(-1);
  expect(errno()).toBe('EINVAL');
});
