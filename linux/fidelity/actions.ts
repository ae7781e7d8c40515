/** What the steps of a sequence do, and how often each comes. */
import * as real from '../index.ts';
import { fillAndDrain } from './fill.ts';
import { type Action, type Handle, hash, MSG_WAITALL, type Sequence } from './sequence.ts';

const EPOLLONESHOT = real.EPOLLONESHOT;
const { EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLET, EPOLLEXCLUSIVE } = real;
const MASKS = [
  EPOLLIN,
  EPOLLIN | EPOLLOUT,
  EPOLLIN | EPOLLOUT | EPOLLRDHUP,
  EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
  EPOLLIN | EPOLLET,
  EPOLLOUT | EPOLLET,
  EPOLLRDHUP | EPOLLET,
  EPOLLIN | EPOLLONESHOT,
  EPOLLIN | EPOLLOUT | EPOLLONESHOT | EPOLLET,
  EPOLLIN | EPOLLEXCLUSIVE,
  EPOLLRDHUP | EPOLLEXCLUSIVE,
  0,
  EPOLLOUT,
  EPOLLRDHUP,
  EPOLLIN | EPOLLRDHUP | EPOLLONESHOT | EPOLLET,
  EPOLLOUT | EPOLLONESHOT,
  EPOLLIN | EPOLLOUT | EPOLLEXCLUSIVE | EPOLLET,
].map((mask) => mask >>> 0);

/** Options and flags that #linux does not export. See socket(7), tcp(7), send(2). */
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const TCP_CORK = 3;
const MSG_MORE = 0x8000;
const RECEIVE_FLAGS = [0, real.MSG_PEEK, real.MSG_DONTWAIT, MSG_WAITALL, real.MSG_PEEK | MSG_WAITALL];
const SEND_FLAGS = [0, real.MSG_DONTWAIT, real.MSG_NOSIGNAL];

const LINGER_ZERO = Buffer.from('0100000000000000', 'hex');
const LINGER_OFF = Buffer.alloc(8);
const OPTIONS: [level: number, option: number][] = [
  [real.SOL_SOCKET, real.SO_REUSEADDR],
  [real.SOL_SOCKET, real.SO_REUSEPORT],
  [real.SOL_SOCKET, real.SO_ERROR],
  [real.SOL_SOCKET, 18],
  [real.SOL_SOCKET, real.SO_LINGER],
  [real.SOL_SOCKET, 30],
  [real.SOL_SOCKET, 9999],
  [real.IPPROTO_TCP, 9999],
  [real.SOL_SOCKET, 9],
  [real.SOL_SOCKET, SO_RCVTIMEO],
  [real.SOL_SOCKET, SO_SNDTIMEO],
  [real.IPPROTO_TCP, TCP_CORK],
  [real.IPPROTO_TCP, real.TCP_NODELAY],
];
/** struct timeval: none of them waits longer than a sequence may. */
const TIME_LIMITS: [seconds: number, micros: number][] = [
  [2, 1],
  [0, 999_999],
  [-1, 0],
  [1, 1_000_000],
  [0, -1],
];
const SIZES = [1, 3, 100, 1000, 0, 5000];
const BACKLOGS = [128, 0, 1, -1, 5];
const PIPE_SIZES = [4096, 65_536, 8192, 0, 100_000];

function of<T>(list: readonly T[], choice: number): T {
  return list[choice % list.length] as T;
}

function newSocket(sequence: Sequence, flags: number): Handle | undefined {
  const args = [real.AF_INET, real.SOCK_STREAM | flags, 0];
  return sequence.open('socket', 'socket', `socket(${flags})`, { simulated: args, real: args });
}

function acceptOn(sequence: Sequence, listener: Handle, flags: number): Handle | undefined {
  return sequence.open('socket', 'accept4', `accept4(${sequence.note(listener)}, ${flags})`, {
    simulated: [listener.simulated, null, null, flags],
    real: [listener.real, null, null, flags],
  });
}

/** A listener, then a connection: without them most sequences would never get that far. */
function connectedPair(sequence: Sequence, one: number, two: number): void {
  const listener = newSocket(sequence, 0);
  if (listener === undefined) return;
  if (two & 1) sequence.call('setsockopt', listener, real.SOL_SOCKET, real.SO_REUSEADDR, 1);
  sequence.addressed('bind', listener, '127.0.0.1', { simulated: 0, real: 0 });
  sequence.call('listen', listener, 5);
  sequence.learnPort(listener);
  const client = newSocket(sequence, one & 1 ? real.SOCK_NONBLOCK : 0);
  if (client === undefined) return;
  const address = portOf(sequence, listener);
  sequence.addressed('connect', client, '127.0.0.1', address);
  sequence.learnPort(client);
  acceptOn(sequence, listener, one & 2 ? real.SOCK_NONBLOCK : 0);
  if (two & 2) sequence.close(listener);
}

/**
 * MSG_MORE, then the rest: the peer gets both at once. The rest follows immediately, since any segment from the peer may, in
 * the real kernel, let the first part go.
 */
function sendInTwo(sequence: Sequence, handle: Handle, size: number): void {
  const peer = sequence.peerOf(handle);
  const [first, rest] = [sequence.bytes(size), sequence.bytes(3)];
  sequence.call('send', handle, first, first.length, MSG_MORE | real.MSG_DONTWAIT);
  if (peer !== undefined) sequence.receive('recv', peer, 8, real.MSG_PEEK | real.MSG_DONTWAIT);
  sequence.call('send', handle, rest, rest.length, real.MSG_DONTWAIT);
}

function optionValue(option: number, choice: number): number | Buffer {
  if (option === real.SO_LINGER) return of([LINGER_ZERO, LINGER_OFF], choice);
  if (option !== SO_RCVTIMEO && option !== SO_SNDTIMEO) return choice % 3;
  const [seconds, micros] = of(TIME_LIMITS, choice);
  const value = Buffer.alloc(16);
  value.writeBigInt64LE(BigInt(seconds), 0);
  value.writeBigInt64LE(BigInt(micros), 8);
  return value;
}

/** Several connections that one epoll instance watches, and their ready list. */
function crowd(sequence: Sequence, one: number, two: number, three: number): void {
  const epfd = sequence.open('epoll', 'epoll_create1', 'epoll_create1(0)', { simulated: [0], real: [0] });
  if (epfd === undefined) return;
  for (let number = 0; number < 2 + (one % 2); number += 1) connectedPair(sequence, one, two);
  const mask = of(MASKS, three);
  for (const handle of sequence.handles) if (handle?.kind === 'socket') sequence.watch(epfd, 1, handle, mask);
}

function portOf(sequence: Sequence, handle: Handle): { simulated: number; real: number } {
  const [ours, theirs] = [Buffer.alloc(16), Buffer.alloc(16)];
  sequence.both.simulated('getsockname', [handle.simulated, ours]);
  sequence.both.real('getsockname', [handle.real, theirs]);
  return { simulated: real.parse_sockaddr_in(ours).port, real: real.parse_sockaddr_in(theirs).port };
}

const actions: [weight: number, action: Action][] = [
  [2, (s, one) => void newSocket(s, one & 1 ? real.SOCK_NONBLOCK : 0)],
  [6, (s, one, two) => connectedPair(s, one, two)],
  [2, crowd],
  [1, (s, one) => s.pipe(one % 8 === 7 ? 0 : real.O_NONBLOCK)],
  [3, (s) => void s.open('epoll', 'epoll_create1', 'epoll_create1(0)', { simulated: [0], real: [0] })],
  [
    2,
    (s, one, two, three) => {
      const handle = s.pick('socket', one);
      const port = two % 2 === 0 ? { simulated: 0, real: 0 } : s.port(two >> 1);
      if (s.addressed('bind', handle, of(['127.0.0.1', '0.0.0.0', '127.0.0.2'], three), port) === 0)
        s.learnPort(handle);
    },
  ],
  [
    2,
    (s, one, two) => {
      const handle = s.pick('socket', one);
      if (s.call('listen', handle, of(BACKLOGS, two)) === 0) s.learnPort(handle);
    },
  ],
  [
    3,
    (s, one, two) => {
      const [handle, port] = [s.pick('socket', one), s.port(two)];
      if (!s.isShared(port)) s.addressed('connect', handle, '127.0.0.1', port);
    },
  ],
  [3, (s, one, two) => void acceptOn(s, s.pick('socket', one), two & 1 ? real.SOCK_NONBLOCK : 0)],
  [
    8,
    (s, one, two, three) => {
      const bytes = s.bytes(of(SIZES, two));
      s.call('send', s.pick('socket', one), bytes, bytes.length, of(SEND_FLAGS, three));
    },
  ],
  [8, (s, one, two, three) => s.receive('recv', s.pick('socket', one), of(SIZES, two), of(RECEIVE_FLAGS, three))],
  [1, (s, one) => fillAndDrain(s, s.pick('socket', one))],
  [1, (s, one, two) => sendInTwo(s, s.pick('socket', one), of(SIZES, two))],
  [2, (s, one, two) => s.receive('read', s.pick(two & 1 ? 'pipe' : 'socket', one), of(SIZES, two >> 1))],
  [
    2,
    (s, one, two) => {
      const bytes = s.bytes(of(SIZES, two >> 1));
      s.call('write', s.pick(two & 1 ? 'pipe' : 'socket', one), bytes, bytes.length);
    },
  ],
  [4, (s, one, two) => void s.call('shutdown', s.pick('socket', one), of([1, 0, 2, 1, 3], two))],
  [4, (s, one, two) => s.close(s.pick(of(['socket', 'socket', 'epoll', 'pipe'] as const, two), one))],
  [
    2,
    (s, one, two, three) => {
      const [level, option] = of(OPTIONS, two);
      s.call('setsockopt', s.pick('socket', one), level, option, optionValue(option, three));
    },
  ],
  [
    2,
    (s, one, two) => {
      const [level, option] = of(OPTIONS, two);
      const [ours, theirs] = [Buffer.alloc(16), Buffer.alloc(16)];
      const handle = s.pick('socket', one);
      s.callOn('getsockopt', `getsockopt(${s.note(handle)}, ${level}, ${option})`, {
        simulated: [handle.simulated, level, option, ours],
        real: [handle.real, level, option, theirs],
      });
      s.both.compare('value', hash(ours), hash(theirs));
    },
  ],
  [
    1,
    (s, one) => {
      const handle = s.pick('socket', one);
      const [ours, theirs] = [Buffer.alloc(16), Buffer.alloc(16)];
      s.callOn('getpeername', `getpeername(${s.note(handle)})`, {
        simulated: [handle.simulated, ours],
        real: [handle.real, theirs],
      });
    },
  ],
  [
    1,
    (s, one, two) => {
      const handle = s.pick(of(['socket', 'pipe', 'epoll'] as const, two), one);
      const flags = s.call('fcntl', handle, real.F_GETFL);
      if (two & 4) s.call('fcntl', handle, real.F_SETFL, Number(flags) ^ real.O_NONBLOCK);
    },
  ],
  [
    1,
    (s, one, two) => {
      const handle = s.pick(of(['socket', 'pipe', 'epoll'] as const, two), one);
      s.open(handle.kind, 'fcntl', `fcntl(${s.note(handle)}, F_DUPFD)`, {
        simulated: [handle.simulated, 0, 0],
        real: [handle.real, 0, 0],
      });
    },
  ],
  [
    9,
    (s, one, two, three) => {
      const kind = of(['socket', 'socket', 'socket', 'pipe', 'epoll'] as const, three >> 4);
      s.watch(s.pick('epoll', one), of([1, 1, 1, 3, 2, 1, 3, 4], three), s.pick(kind, two), of(MASKS, three >> 1));
    },
  ],
  [12, (s, one, two) => s.wait(s.pick('epoll', one), of([16, 1, 2, 3, 0], two))],
  [
    3,
    (s, one, two, three) =>
      s.splice(
        s.pick(three & 1 ? 'pipe' : 'socket', one),
        s.pick(three & 2 ? 'socket' : 'pipe', two),
        of([100_000, 1, 10], three >> 2),
      ),
  ],
  [
    1,
    (s, one, two) => {
      const handle = s.pick('pipe', one);
      s.call('fcntl', handle, two & 1 ? real.F_GETPIPE_SZ : real.F_SETPIPE_SZ, of(PIPE_SIZES, two >> 1));
    },
  ],
];

/** Each action as often as its weight says. */
export const ACTIONS: readonly Action[] = actions.flatMap(([weight, action]) => new Array<Action>(weight).fill(action));
