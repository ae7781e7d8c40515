import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLOUT,
  EPOLLRDHUP,
  type EpollEvent,
  epoll_ctl,
  epoll_wait,
  errno,
  MSG_DONTWAIT,
  recv,
  SHUT_WR,
  send,
  shutdown,
} from '#linux';
import { closeNow, connectedPair, ready, resetNow, watching } from './fixtures.ts';

/** What is ready now, as far as 64 events go. */
function readyNow(epfd: number): EpollEvent[] {
  const events: EpollEvent[] = [];
  expect(epoll_wait(epfd, events, 64, 0)).toBe(events.length);
  return events;
}

/** Makes something arrive and waits until it has. */
function deliver(from: number, to: number): void {
  expect(send(from, Buffer.from('x'), 1, 0)).toBe(1);
  ready(to);
}

/** A connection whose server end has something to read. */
function readablePair(): { client: number; server: number } {
  const pair = connectedPair();
  deliver(pair.client, pair.server);
  return pair;
}

test('nothing is ready: 0, at once with timeout 0, else after the timeout', () => {
  const { server } = connectedPair();
  const epfd = watching(EPOLLIN, server);
  const start = performance.now();
  expect(epoll_wait(epfd, [], 8, 0)).toBe(0);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(epoll_wait(epfd, [], 8, 60)).toBe(0);
  expect(performance.now() - start).toBeGreaterThan(59);
});

test('an event says what happened and carries the note', () => {
  const { client, server } = readablePair();
  expect(readyNow(watching(EPOLLIN, server))).toEqual([{ events: EPOLLIN, data: { fd: server } }]);
  expect(readyNow(watching(EPOLLIN | EPOLLOUT, client))).toEqual([{ events: EPOLLOUT, data: { fd: client } }]);
});

test('an event keeps its content after the next wait', () => {
  const { client, server } = readablePair();
  const epfd = watching(EPOLLIN, server);
  const [first] = readyNow(epfd);
  epoll_ctl(epfd, EPOLL_CTL_MOD, server, { events: EPOLLOUT, data: { fd: client } });
  expect(readyNow(epfd)).toEqual([{ events: EPOLLOUT, data: { fd: client } }]);
  expect(first).toEqual({ events: EPOLLIN, data: { fd: server } });
});

test('EPOLL_CTL_DEL takes a descriptor out; closing it does so, too', () => {
  const { client, server } = readablePair();
  const epfd = watching(EPOLLIN | EPOLLOUT, client, server);
  expect(readyNow(epfd)).toHaveLength(2);
  expect(epoll_ctl(epfd, EPOLL_CTL_DEL, client, null)).toBe(0);
  expect(readyNow(epfd)).toHaveLength(1);
  closeNow(server);
  expect(readyNow(epfd)).toEqual([]);
});

test('a descriptor is added once: EEXIST; what is not there is not changed or taken out: ENOENT', () => {
  const { client, server } = connectedPair();
  const epfd = watching(EPOLLIN, client);
  const event = { events: EPOLLIN, data: { fd: client } };
  expect(epoll_ctl(epfd, EPOLL_CTL_ADD, client, event)).toBe(-1);
  expect(errno()).toBe('EEXIST');
  expect(epoll_ctl(epfd, EPOLL_CTL_MOD, server, event)).toBe(-1);
  expect(errno()).toBe('ENOENT');
  expect(epoll_ctl(epfd, EPOLL_CTL_DEL, server, null)).toBe(-1);
  expect(errno()).toBe('ENOENT');
});

test('no file (EPERM), no closed descriptor (EBADF), not itself (EINVAL), not without an event (EFAULT)', () => {
  const file = openSync(fileURLToPath(import.meta.url), 'r');
  onTestFinished(() => closeSync(file));
  const epfd = watching(EPOLLIN);
  const event = { events: EPOLLIN, data: { fd: 0 } };
  const failures = [file, -1, epfd].map((fd) => [epoll_ctl(epfd, EPOLL_CTL_ADD, fd, event), errno()]);
  expect(failures).toEqual([-1, -1, -1].map((result, i) => [result, ['EPERM', 'EBADF', 'EINVAL'][i]]));
  expect(epoll_ctl(epfd, EPOLL_CTL_ADD, connectedPair().client, null)).toBe(-1);
  expect(errno()).toBe('EFAULT');
});

test('level-triggered, an event comes back until the bytes are taken', () => {
  const { server } = readablePair();
  const epfd = watching(EPOLLIN, server);
  expect([readyNow(epfd), readyNow(epfd)].flat()).toHaveLength(2);
  expect(recv(server, Buffer.alloc(8), 8, MSG_DONTWAIT)).toBe(1);
  expect(readyNow(epfd)).toEqual([]);
});

test('EPOLLET, bit 31: an event comes once for each arrival', () => {
  const { client, server } = readablePair();
  const epfd = watching(EPOLLIN | EPOLLET, server);
  expect(readyNow(epfd)).toEqual([{ events: EPOLLIN, data: { fd: server } }]);
  expect(readyNow(epfd)).toEqual([]);
  deliver(client, server);
  expect(readyNow(epfd)).toHaveLength(1);
});

test('EPOLLONESHOT: an event comes once until re-armed', () => {
  const { client, server } = readablePair();
  const event = { events: EPOLLIN | EPOLLONESHOT, data: { fd: server } };
  const epfd = watching(event.events, server);
  expect(readyNow(epfd)).toHaveLength(1);
  deliver(client, server);
  expect(readyNow(epfd)).toEqual([]);
  expect(epoll_ctl(epfd, EPOLL_CTL_MOD, server, event)).toBe(0);
  expect(readyNow(epfd)).toHaveLength(1);
});

test('half closed is EPOLLRDHUP; reset is EPOLLERR and EPOLLHUP even when not requested', () => {
  const halfClosed = connectedPair();
  expect(shutdown(halfClosed.client, SHUT_WR)).toBe(0);
  expect(ready(halfClosed.server, EPOLLIN | EPOLLRDHUP)).toBe(EPOLLIN | EPOLLRDHUP);
  const reset = connectedPair();
  resetNow(reset.server);
  expect(ready(reset.client, 0)).toBe(EPOLLERR | EPOLLHUP);
});
