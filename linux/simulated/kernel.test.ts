/** What takes time, what waits, and what is not there: the parts that the comparison with the real kernel leaves out. */
import { expect, test } from 'vitest';
import {
  AF_INET,
  EPOLL_CTL_ADD,
  EPOLLIN,
  EPOLLOUT,
  F_SETFL,
  O_NONBLOCK,
  SFD_NONBLOCK,
  SHUT_WR,
  SO_ERROR,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_SNDBUF,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../constants.ts';
import type { EpollEvent } from '../epoll.ts';
import { type Actor, Kernel } from './kernel.ts';
import { attemptsOf, linuxOf } from './linux.ts';
import { NotSimulated, ProgramEnded, WaitsForever } from './outcome.ts';
import type { ProcessOptions } from './process.ts';

const PORT = 8080;

function machine(options: ProcessOptions = {}) {
  const kernel = new Kernel();
  const process = kernel.newProcess('program', options);
  const linux = linuxOf(kernel, process);
  const address = linux.sockaddr_in('127.0.0.1', PORT);
  const listener = (backlog = 128): number => {
    const fd = linux.socket(AF_INET, SOCK_STREAM, 0);
    expect([linux.bind(fd, address), linux.listen(fd, backlog)]).toEqual([0, 0]);
    return fd;
  };
  const connected = (from: number): { client: number; server: number } => {
    const client = linux.socket(AF_INET, SOCK_STREAM, 0);
    expect(linux.connect(client, address)).toBe(0);
    return { client, server: linux.accept(from) };
  };
  return { kernel, process, linux, address, listener, connected };
}

test('a blocking recv lets others move, and returns when something has come', () => {
  const { kernel, linux, listener, connected } = machine();
  const { client, server } = connected(listener());
  function* later(): Actor {
    yield* kernel.sleep(250);
    linux.send(client, Buffer.from('x'), 1, 0);
  }
  kernel.spawn('later', later());
  expect(linux.recv(server, Buffer.alloc(8), 8, 0)).toBe(1);
  expect(kernel.now).toBeCloseTo(250, 0);
});

test('a wait that nothing can end is known at once; one with a time limit ends then', () => {
  const { kernel, linux, listener, connected } = machine();
  const { server } = connected(listener());
  expect(() => linux.recv(server, Buffer.alloc(8), 8, 0)).toThrow(WaitsForever);
  const epfd = linux.epoll_create1(0);
  expect(() => linux.epoll_wait(epfd, [], 8, -1)).toThrow('epoll_wait never returns');
  const before = kernel.now;
  expect(linux.epoll_wait(epfd, [], 8, 500)).toBe(0);
  expect(kernel.now - before).toBeCloseTo(500, 0);
});

test('a full queue drops SYN: the client tries again for 131 s, then ETIMEDOUT', () => {
  const { kernel, linux, address, listener } = machine();
  const fd = listener(0);
  const clients = [0, 1].map(() => linux.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) as [number, number];
  for (const client of clients) expect(linux.connect(client, address)).toBe(-1);
  expect(linux.errno()).toBe('EINPROGRESS');
  expect(linux.connect(clients[0], address)).toBe(0);
  expect(linux.connect(clients[1], address)).toBe(-1);
  expect(linux.errno()).toBe('EALREADY');
  kernel.run(130_000);
  expect(linux.connect(clients[1], address)).toBe(-1);
  kernel.run(132_000);
  const value = Buffer.alloc(4);
  expect(linux.getsockopt(clients[1], SOL_SOCKET, SO_ERROR, value)).toBe(0);
  expect(linux.strerror(value.readInt32LE())).toBe('Connection timed out');
  expect(linux.accept(fd)).toBeGreaterThan(0);
});

test('a place in the queue lets the next SYN through', () => {
  const { kernel, linux, address, listener } = machine();
  const fd = listener(0);
  const clients = [0, 1].map(() => linux.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) as [number, number];
  for (const client of clients) linux.connect(client, address);
  linux.accept(fd);
  kernel.run(1500);
  expect(linux.connect(clients[1], address)).toBe(0);
});

test('TIME_WAIT keeps the port for a minute, even from SO_REUSEADDR where the listener had none', () => {
  const { kernel, linux, address, listener, connected } = machine();
  const fd = listener();
  const { client, server } = connected(fd);
  for (const each of [server, client, fd]) linux.close(each);
  const plain = linux.socket(AF_INET, SOCK_STREAM, 0);
  expect(linux.bind(plain, address)).toBe(-1);
  expect(linux.errno()).toBe('EADDRINUSE');
  // Both need the option: what is left of the connection has what its listener had.
  expect(linux.setsockopt(plain, SOL_SOCKET, SO_REUSEADDR, 1)).toBe(0);
  expect(linux.bind(plain, address)).toBe(-1);
  kernel.run(61_000);
  expect(linux.bind(plain, address)).toBe(0);
});

test('a slow reader pushes back: EAGAIN; EPOLLOUT comes when a third of the send buffer is free', () => {
  const { linux, listener, connected } = machine();
  const { client, server } = connected(listener());
  for (const option of [SO_SNDBUF, SO_RCVBUF]) linux.setsockopt(client, SOL_SOCKET, option, 8192);
  linux.fcntl(client, F_SETFL, O_NONBLOCK);
  const epfd = linux.epoll_create1(0);
  linux.epoll_ctl(epfd, EPOLL_CTL_ADD, client, { events: EPOLLOUT, data: { fd: client } });
  let sent = 0;
  for (let n = 0; n !== -1; n = linux.send(client, Buffer.alloc(3000, 1), 3000, 0)) sent += n;
  expect(linux.errno()).toBe('EAGAIN');
  expect(linux.epoll_wait(epfd, [], 1, 0)).toBe(0);
  let received = linux.recv(server, Buffer.alloc(1000), 1000, 0);
  expect(linux.send(client, Buffer.alloc(1), 1, 0)).toBe(1);
  expect(linux.epoll_wait(epfd, [], 1, 0)).toBe(0);
  received += linux.recv(server, Buffer.alloc(9000), 9000, 0);
  expect(linux.epoll_wait(epfd, [], 1, 0)).toBe(1);
  linux.shutdown(client, SHUT_WR);
  for (let n = 1; n > 0; ) {
    n = linux.recv(server, Buffer.alloc(65_536), 65_536, 0);
    received += n;
  }
  expect(received).toBe(sent + 1);
});

test('SO_LINGER: close waits until the peer has taken everything, or for its time', () => {
  const { kernel, linux, listener, connected } = machine();
  const { client, server } = connected(listener());
  linux.setsockopt(client, SOL_SOCKET, SO_SNDBUF, 2_000_000);
  linux.setsockopt(client, SOL_SOCKET, SO_LINGER, Buffer.from('0100000002000000', 'hex'));
  linux.fcntl(client, F_SETFL, O_NONBLOCK);
  while (linux.send(client, Buffer.alloc(65_536), 65_536, 0) > 0) {}
  const before = kernel.now;
  expect(linux.close(client)).toBe(0);
  expect(kernel.now - before).toBeCloseTo(2000, 0);
  expect(linux.recv(server, Buffer.alloc(10), 10, 0)).toBe(10);
});

test('signals: into a signalfd with EINTR for the wait, or the end of the program', () => {
  const { kernel, process, linux } = machine();
  const signals = linux.signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  const epfd = linux.epoll_create1(0);
  linux.epoll_ctl(epfd, EPOLL_CTL_ADD, signals, { events: EPOLLIN, data: { fd: signals } });
  expect([linux.read_signal(signals), linux.errno()]).toEqual(['', 'EAGAIN']);
  kernel.scheduler.post('shell', 10, () => process.signal('SIGTERM'));
  kernel.scheduler.post('shell', 20, () => process.signal('SIGINT'));
  const events: EpollEvent[] = [];
  expect([linux.epoll_wait(epfd, events, 8, -1), linux.errno()]).toEqual([-1, 'EINTR']);
  expect([linux.epoll_wait(epfd, events, 8, -1), events[0]?.data.fd]).toEqual([1, signals]);
  expect([linux.read_signal(signals), linux.read_signal(signals)]).toEqual(['SIGTERM', '']);
  expect(() => linux.epoll_wait(epfd, events, 8, -1)).toThrow(ProgramEnded);
});

test('descriptors run out: EMFILE, and accept says so before it looks at its queue', () => {
  const { linux, listener } = machine({ descriptors: 5 });
  const fd = listener();
  expect(linux.epoll_create1(0)).toBe(4);
  for (const call of [() => linux.accept(fd), () => linux.socket(AF_INET, SOCK_STREAM, 0), () => linux.pipe2([], 0)]) {
    expect([call(), linux.errno()]).toEqual([-1, 'EMFILE']);
  }
  linux.close(4);
  expect(linux.epoll_create1(0)).toBe(4);
});

test('what is not simulated says so in one sentence', () => {
  const { linux } = machine();
  const fd = linux.socket(AF_INET, SOCK_STREAM, 0);
  const refused = [
    () => linux.socket(1, SOCK_STREAM, 0),
    () => linux.socket(AF_INET, 2, 0),
    () => linux.recv(fd, Buffer.alloc(1), 1, 1),
    () => linux.send(fd, Buffer.alloc(1), 1, 1),
    () => linux.connect(fd, linux.sockaddr_in('10.0.0.1', 80)),
    () => linux.setsockopt(fd, SOL_SOCKET, 25, 1),
    () => linux.setsockopt(fd, 6, 9, 1),
    () => linux.fcntl(fd, 8, 1),
  ];
  for (const call of refused) {
    expect(call).toThrow(NotSimulated);
    expect(call).toThrow(/^The simulated kernel has no .*: run the program on real Linux\.$/);
  }
});

test('two processes have descriptors of their own', () => {
  const kernel = new Kernel();
  const [one, other] = ['one', 'other'].map((name) => linuxOf(kernel, kernel.newProcess(name)));
  expect(one?.socket(AF_INET, SOCK_STREAM, 0)).toBe(3);
  expect(other?.socket(AF_INET, SOCK_STREAM, 0)).toBe(3);
  expect(one?.close(3)).toBe(0);
  expect(other?.close(3)).toBe(0);
  expect(attemptsOf(kernel, kernel.newProcess('third'))).toHaveProperty('accept');
});
