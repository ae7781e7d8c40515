/** Which descriptor an event is about, and which two sockets belong together, in traces of programs of every kind. */
import { describe, expect, it } from 'vitest';
import { withOwners } from '../trace/event-owners.ts';
import { parseStrace } from '../trace/strace.ts';
import type { Facts } from './cause.ts';
import { eventData } from './causes/accepting.ts';
import { type History, historyOf } from './history.ts';

/** The history of strace lines without process and time. */
function traced(...lines: string[]): History {
  const text = lines.map((line, index) => `7 ${index + 1}.0 ${line}`).join('\n');
  return historyOf(withOwners(parseStrace(text, (seconds) => seconds * 1000)));
}

function causeIn(history: History): string | undefined {
  return eventData({ history } as Facts)?.id;
}

const LISTENS = ['socket(AF_INET, SOCK_STREAM, 0) = 3', 'listen(3, 128) = 0'];
const WATCHED = 'epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN, data={u32=1234567, u64=94000001234567}}) = 0';
const REPORTED = 'epoll_wait(4, [{events=EPOLLIN, data={u32=1234567, u64=94000001234567}}], 64, -1) = 1';
const ACCEPTED = 'accept4(3, NULL, NULL, SOCK_NONBLOCK) = 5';

describe('the data field of an event', () => {
  it('may be a pointer: the event is about the descriptor that it was registered with', () => {
    const { calls, ignoredEvents } = traced(...LISTENS, WATCHED, REPORTED, ACCEPTED, REPORTED, ACCEPTED);
    expect(calls.find(({ call }) => call === 'epoll_wait')?.events).toEqual([{ fd: 3, events: 1, data: 1234567 }]);
    expect(ignoredEvents.size).toBe(0);
  });

  it('is no mistake where the program finds the descriptor by it', () => {
    expect(causeIn(traced(...LISTENS, WATCHED, REPORTED, ACCEPTED, REPORTED))).toBeUndefined();
  });

  it('is a report of a descriptor that the program never uses', () => {
    expect(causeIn(traced(...LISTENS, WATCHED, REPORTED, REPORTED))).toBe('event-data-wrong');
  });

  it('tells nothing where several descriptors share it', () => {
    const zero = (fd: number): string =>
      `epoll_ctl(4, EPOLL_CTL_ADD, ${fd}, {events=EPOLLIN, data={u32=0, u64=0}}) = 0`;
    const reported = 'epoll_wait(4, [{events=EPOLLIN, data={u32=0, u64=0}}], 64, -1) = 1';
    const { calls } = traced(...LISTENS, zero(3), zero(6), reported);
    expect(calls.at(-1)?.events).toEqual([{ fd: 0, events: 1 }]);
  });

  it('goes with its descriptor when that is closed', () => {
    const other = 'epoll_ctl(4, EPOLL_CTL_ADD, 6, {events=EPOLLIN, data={u32=1234567, u64=94000001234567}}) = 0';
    const { calls } = traced(...LISTENS, WATCHED, 'close(3) = 0', other, REPORTED);
    expect(calls.at(-1)?.events?.[0]?.fd).toBe(6);
  });
});

it('what an eventfd brings is read, though it is no socket', () => {
  const attached = 'epoll_ctl(4, EPOLL_CTL_ADD, 8, {events=EPOLLIN, data={u32=8, u64=8}}) = 0';
  const reported = 'epoll_wait(4, [{events=EPOLLIN, data={u32=8, u64=8}}], 64, -1) = 1';
  const read = 'read(8, "\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00", 1024) = 8';
  expect(traced(attached, reported, read, reported, read, reported).ignoredEvents.size).toBe(0);
});

describe('a client and its upstream connection', () => {
  const connected = (fd: number): string[] => [
    `socket(AF_INET, SOCK_STREAM, 0) = ${fd}`,
    `connect(${fd}, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
  ];
  const accepted = (fd: number): string => `accept(3, NULL, NULL) = ${fd}`;
  const bytes = (letter: string): string => `"${`\\x${letter.charCodeAt(0).toString(16)}`.repeat(12)}"`;
  const received = (fd: number, letter: string): string =>
    `recvfrom(${fd}, ${bytes(letter)}, 4096, 0, NULL, NULL) = 12`;
  const sent = (fd: number, letter: string): string => `sendto(${fd}, ${bytes(letter)}, 12, 0, NULL, 0) = 12`;

  function partners(history: History): (number | undefined)[][] {
    return history.lives.flatMap(({ kind, fd, partner }) => (kind === 'client' ? [[fd, partner?.fd]] : []));
  }

  it('follow each other', () => {
    const history = traced(...LISTENS, accepted(5), ...connected(6), accepted(7), ...connected(8));
    expect(partners(history)).toEqual([
      [5, 6],
      [7, 8],
    ]);
  });

  it('are told by their bytes where several clients came in first', () => {
    const both = [accepted(5), accepted(7), ...connected(6), ...connected(8)];
    const talk = [received(7, 'b'), sent(8, 'b'), received(6, 'a'), sent(5, 'a')];
    expect(partners(traced(...LISTENS, ...both, ...talk))).toEqual([
      [5, 6],
      [7, 8],
    ]);
  });

  it('are unknown where neither order nor bytes tell', () => {
    expect(partners(traced(...LISTENS, accepted(5), accepted(7), ...connected(6)))).toEqual([
      [5, undefined],
      [7, undefined],
    ]);
  });
});
