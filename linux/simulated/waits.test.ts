/** What a blocking call waits for, for how long, and what signals make of it. */
import { expect, test } from 'vitest';
import {
  AF_INET,
  EPOLL_CTL_ADD,
  EPOLLIN,
  MSG_DONTWAIT,
  MSG_PEEK,
  SFD_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../constants.ts';
import { Kernel } from './kernel.ts';
import { linuxOf } from './linux.ts';
import { ProgramEnded, WaitsForever } from './outcome.ts';

const MSG_WAITALL = 0x100;
const [SO_RCVLOWAT, SO_RCVTIMEO, SO_SNDTIMEO] = [18, 20, 21];

/** struct timeval. */
function timeval(seconds: number, micros: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(seconds), 0);
  bytes.writeBigInt64LE(BigInt(micros), 8);
  return bytes;
}

function machine(seed = 0) {
  const kernel = new Kernel(seed);
  const process = kernel.newProcess('program');
  const linux = linuxOf(kernel, process);
  const listener = linux.socket(AF_INET, SOCK_STREAM, 0);
  const address = linux.sockaddr_in('127.0.0.1', 8080);
  linux.bind(listener, address);
  linux.listen(listener, 8);
  const peer = linuxOf(kernel, kernel.newProcess('peer'));
  const client = peer.socket(AF_INET, SOCK_STREAM, 0);
  peer.connect(client, address);
  const server = linux.accept(listener);
  const buffer = Buffer.alloc(64);
  /** Another process sends to the server after some time. */
  const later = (ms: number, run: () => void): void => void kernel.scheduler.post('other', ms, run);
  const sendLater = (ms: number, text: string): void =>
    later(ms, () => void peer.send(client, Buffer.from(text), text.length, 0));
  return { kernel, process, linux, peer, listener, client, server, buffer, later, sendLater };
}

test.each([0, 1, 2, 3])('MSG_WAITALL waits until the buffer is full, with seed %i', (seed) => {
  const { kernel, linux, server, buffer, sendLater } = machine(seed);
  for (const [ms, text] of [
    [10, 'ab'],
    [20, 'cde'],
    [30, 'fgh'],
  ] as const)
    sendLater(ms, text);
  const room = buffer.subarray(0, 8);
  expect(linux.recv(server, room, 8, MSG_WAITALL)).toBe(8);
  expect(room.toString()).toBe('abcdefgh');
  expect(kernel.now).toBeGreaterThan(29);
});

test('MSG_WAITALL gives less at the end, with MSG_DONTWAIT, and before an error', () => {
  const { linux, peer, client, server, buffer, sendLater, later } = machine();
  sendLater(10, 'abc');
  later(20, () => void peer.shutdown(client, 1));
  expect(linux.recv(server, buffer, 8, MSG_WAITALL)).toBe(3);
  expect(linux.recv(server, buffer, 8, MSG_WAITALL)).toBe(0);
  const again = machine();
  again.sendLater(0, 'abc');
  again.kernel.run();
  expect(again.linux.recv(again.server, buffer, 8, MSG_WAITALL | MSG_DONTWAIT)).toBe(3);
});

test('MSG_PEEK with MSG_WAITALL waits for all, and takes nothing', () => {
  const { linux, server, buffer, sendLater } = machine();
  sendLater(10, 'abc');
  sendLater(20, 'def');
  expect(linux.recv(server, buffer, 6, MSG_WAITALL | MSG_PEEK)).toBe(6);
  expect(buffer.toString('latin1', 0, 6)).toBe('abcdef');
  expect(linux.recv(server, buffer, 64, 0)).toBe(6);
});

test('SO_RCVLOWAT keeps recv waiting, with seeds as well', () => {
  for (let seed = 0; seed < 8; seed += 1) {
    const { linux, server, buffer, sendLater } = machine(seed);
    linux.setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, 4);
    for (const [ms, text] of [
      [1, 'ab'],
      [2, 'cd'],
      [3, 'ef'],
    ] as const)
      sendLater(ms, text);
    expect(linux.recv(server, buffer, 64, 0)).toBeGreaterThan(3);
  }
});

test('SO_RCVTIMEO: recv, accept and MSG_WAITALL end after their time, with what they have', () => {
  const { kernel, linux, listener, server, buffer, sendLater } = machine();
  for (const fd of [server, listener])
    expect(linux.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 300_000))).toBe(0);
  for (const call of [() => linux.recv(server, buffer, 8, 0), () => linux.accept(listener)]) {
    const before = kernel.now;
    expect([call(), linux.errno()]).toEqual([-1, 'EAGAIN']);
    expect(kernel.now - before).toBeCloseTo(300, 0);
  }
  sendLater(10, 'abc');
  expect(linux.recv(server, buffer, 8, MSG_WAITALL)).toBe(3);
});

test('SO_SNDTIMEO: a send to a peer that does not read ends with what was taken, then with EAGAIN', () => {
  const { kernel, peer, client } = machine();
  peer.setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, timeval(1, 0));
  const much = Buffer.alloc(8_000_000);
  const taken = peer.send(client, much, much.length, 0);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(much.length);
  expect(kernel.now).toBeCloseTo(1000, 0);
  expect([peer.send(client, much, 1, 0), peer.errno()]).toEqual([-1, 'EAGAIN']);
});

test('time limits count in ticks; zero is none; EDOM and EINVAL where they make no sense', () => {
  const { linux, server } = machine();
  const value = Buffer.alloc(16);
  const set = (bytes: Buffer) =>
    linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, bytes) === 0 ? 'ok' : linux.errno();
  expect(set(timeval(2, 1))).toBe('ok');
  expect(linux.getsockopt(server, SOL_SOCKET, SO_RCVTIMEO, value)).toBe(0);
  expect([value.readInt32LE(0), value.readInt32LE(8)]).toEqual([2, 4000]);
  expect([set(timeval(0, 1_000_000)), set(timeval(0, -1)), set(Buffer.alloc(8)), set(timeval(0, 0))]).toEqual([
    'EDOM',
    'EDOM',
    'EINVAL',
    'ok',
  ]);
  expect(() => linux.recv(server, value, 1, 0)).toThrow(WaitsForever);
});

test('SIGSTOP: nothing moves until SIGCONT; epoll_wait is interrupted, recv goes on, recv with a time limit is not restarted', () => {
  const { kernel, process, linux, server, buffer, later, sendLater } = machine();
  const epfd = linux.epoll_create1(0);
  linux.epoll_ctl(epfd, EPOLL_CTL_ADD, server, { events: EPOLLIN, data: { fd: server } });
  const stopLater = (): void => {
    later(10, () => kernel.kill(process.pid, 'SIGSTOP'));
    sendLater(20, 'x');
    later(500, () => kernel.kill(process.pid, 'SIGCONT'));
  };
  stopLater();
  expect([linux.epoll_wait(epfd, [], 8, -1), linux.errno()]).toEqual([-1, 'EINTR']);
  expect(kernel.now).toBeGreaterThan(499);
  expect(linux.recv(server, buffer, 8, 0)).toBe(1);
  stopLater();
  expect(linux.recv(server, buffer, 8, 0)).toBe(1);
  expect(kernel.now).toBeGreaterThan(999);
  linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(5, 0));
  stopLater();
  expect([linux.recv(server, buffer, 8, 0), linux.errno()]).toEqual([-1, 'EINTR']);
});

test('SIGCONT without a stop changes nothing', () => {
  const { kernel, process, linux, later } = machine();
  later(10, () => kernel.kill(process.pid, 'SIGCONT'));
  expect(linux.epoll_wait(linux.epoll_create1(0), [], 8, 100)).toBe(0);
});

test('a stop between two calls holds the next one; signals wait for SIGCONT, but SIGKILL does not', () => {
  const { kernel, process, linux, later } = machine();
  const signals = linux.signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  process.signal('SIGSTOP');
  process.signal('SIGTERM');
  expect(process.signals.poll()).toBe(0);
  later(300, () => process.signal('SIGCONT'));
  expect([linux.read_signal(signals), linux.epoll_create1(0)]).toEqual(['', 6]);
  expect(kernel.now).toBeGreaterThan(299);
  expect(linux.read_signal(signals)).toBe('SIGTERM');
  process.signal('SIGSTOP');
  later(10, () => process.signal('SIGKILL'));
  expect(() => linux.epoll_create1(0)).toThrow(ProgramEnded);
});

test('a process that stays stopped is known at once', () => {
  const { process, linux } = machine();
  process.signal('SIGSTOP');
  expect(() => linux.epoll_create1(0)).toThrow(WaitsForever);
});

test('kill reaches processes by their numbers; a process that has ended stays while its parent lives', () => {
  const { kernel, process } = machine();
  const child = kernel.newProcess('child', { parent: process });
  process.signals.wanted.add('SIGCHLD');
  expect([kernel.kill(child.pid, ''), kernel.kill(1, 'SIGTERM')]).toEqual([0, -3]);
  kernel.exit(child, { code: 3, signal: null });
  expect(child.ended).toEqual({ code: 3, signal: null });
  expect(process.signals.take()).toBe('SIGCHLD');
  expect(kernel.kill(child.pid, 'SIGTERM')).toBe(0);
  kernel.exit(process);
  expect([kernel.kill(child.pid, ''), kernel.kill(process.pid, '')]).toEqual([-3, -3]);
});
