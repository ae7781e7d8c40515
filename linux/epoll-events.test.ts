import { expect, test } from 'vitest';
import { EPOLL_CTL_ADD, EPOLLIN, EPOLLOUT, type EpollEvent, epoll_create1, epoll_ctl, epoll_wait, errno } from '#linux';
import { epollEventLayout } from './epoll-layout.ts';
import { connectedPair, opened, tcpSocket } from './fixtures.ts';

test.each([
  ['x64', 12, 4],
  ['ia32', 12, 4],
  ['arm64', 16, 8],
  ['riscv64', 16, 8],
])('on %s an event takes %i bytes, with its data at %i', (arch, size, data) => {
  expect(epollEventLayout(arch)).toEqual({ size, data });
});

/** An epoll instance on which one descriptor for each of these notes is ready for writing. */
function readyWith(notes: number[]): number {
  const epfd = opened(epoll_create1(0));
  for (const note of notes) {
    const fd = connectedPair().client;
    expect(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN | EPOLLOUT, data: { fd: note } })).toBe(0);
  }
  return epfd;
}

const notes = [0, 1, -1, 7, 1000, 65_536, 2 ** 31 - 1, -(2 ** 31), 0x01020304, 42];

/** The notes of these events in ascending order, after a look at what happened. */
function notesOf(events: EpollEvent[]): number[] {
  expect(new Set(events.map((event) => event.events))).toEqual(new Set([EPOLLOUT]));
  return events.map((event) => event.data.fd).sort((a, b) => a - b);
}

// One event is read correctly with any layout. The second one reveals a wrong event size.
test('ten events at a time keep their notes, negative and large ones, too', () => {
  const events: EpollEvent[] = [];
  expect(epoll_wait(readyWith(notes), events, 64, 0)).toBe(notes.length);
  expect(notesOf(events)).toEqual([...notes].sort((a, b) => a - b));
});

test('maxevents is the most that come; the others come with the next calls', () => {
  const epfd = readyWith(notes);
  const all: EpollEvent[] = [];
  for (const expected of [4, 4, 4]) {
    const events: EpollEvent[] = [];
    expect(epoll_wait(epfd, events, 4, 0)).toBe(expected);
    expect(events).toHaveLength(expected);
    all.push(...events);
  }
  expect(new Set(notesOf(all))).toEqual(new Set(notes));
});

test('an array filled with one and the same object gets objects of its own', () => {
  const events = new Array<EpollEvent>(64).fill({ events: 0, data: { fd: 0 } });
  const count = epoll_wait(readyWith(notes), events, 64, 0);
  expect(notesOf(events.slice(0, count))).toEqual([...notes].sort((a, b) => a - b));
});

test('entries beyond the count are left unchanged', () => {
  const before = [7, 8, 9].map((fd) => ({ events: 99, data: { fd } }));
  const events = [...before];
  expect(epoll_wait(readyWith([1]), events, 3, 0)).toBe(1);
  expect(events).toEqual([{ events: EPOLLOUT, data: { fd: 1 } }, before[1], before[2]]);
});

test('no value of maxevents makes the kernel write beyond the buffer', () => {
  const epfd = readyWith(notes);
  for (const maxevents of [0, -1, 2 ** 32, 2 ** 31]) {
    expect(epoll_wait(epfd, [], maxevents, 0)).toBe(-1);
    expect(errno()).toBe('EINVAL');
  }
  expect(() => epoll_wait(epfd, [], Number.NaN, 0)).toThrow('epoll_wait: maxevents is NaN');
  const events: EpollEvent[] = [];
  expect(epoll_wait(epfd, events, 2 - 2 ** 32, 0)).toBe(2);
  expect(events).toHaveLength(2);
});

test('a note that is not a C int throws a RangeError', () => {
  const event = { events: EPOLLIN, data: { fd: 2 ** 31 } };
  expect(() => epoll_ctl(opened(epoll_create1(0)), EPOLL_CTL_ADD, tcpSocket(), event)).toThrow(RangeError);
});
