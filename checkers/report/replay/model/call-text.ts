/** A system call in C notation, with constants by name. */
import * as constants from '../../../../linux/constants.ts';
import type { Call } from './events.ts';

/** Names of the bits that are set in a number: 'EPOLLIN | EPOLLRDHUP'; a rest without a name in hexadecimal. */
function bits(value: number, names: Record<string, number>): string {
  let rest = value >>> 0;
  const found: string[] = [];
  for (const [name, bit] of Object.entries(names)) {
    if (bit === 0 || (rest & bit) >>> 0 !== bit >>> 0) continue;
    found.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) found.push(`0x${rest.toString(16)}`);
  return found.join(' | ') || '0';
}

const EVENTS = {
  EPOLLIN: constants.EPOLLIN,
  EPOLLOUT: constants.EPOLLOUT,
  EPOLLERR: constants.EPOLLERR,
  EPOLLHUP: constants.EPOLLHUP,
  EPOLLRDHUP: constants.EPOLLRDHUP,
  EPOLLEXCLUSIVE: constants.EPOLLEXCLUSIVE,
  EPOLLONESHOT: constants.EPOLLONESHOT,
  EPOLLET: constants.EPOLLET,
};
const FLAGS = {
  MSG_PEEK: constants.MSG_PEEK,
  MSG_DONTWAIT: constants.MSG_DONTWAIT,
  MSG_NOSIGNAL: constants.MSG_NOSIGNAL,
};
const SPLICE = {
  SPLICE_F_MOVE: constants.SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK: constants.SPLICE_F_NONBLOCK,
  SPLICE_F_MORE: constants.SPLICE_F_MORE,
};
const OPERATIONS: Record<number, string> = {
  [constants.EPOLL_CTL_ADD]: 'EPOLL_CTL_ADD',
  [constants.EPOLL_CTL_DEL]: 'EPOLL_CTL_DEL',
  [constants.EPOLL_CTL_MOD]: 'EPOLL_CTL_MOD',
};
const OPTIONS: Record<string, string> = {
  [`${constants.SOL_SOCKET} ${constants.SO_REUSEADDR}`]: 'SO_REUSEADDR',
  [`${constants.SOL_SOCKET} ${constants.SO_ERROR}`]: 'SO_ERROR',
  [`${constants.SOL_SOCKET} ${constants.SO_SNDBUF}`]: 'SO_SNDBUF',
  [`${constants.SOL_SOCKET} ${constants.SO_RCVBUF}`]: 'SO_RCVBUF',
  [`${constants.SOL_SOCKET} ${constants.SO_LINGER}`]: 'SO_LINGER',
  [`${constants.SOL_SOCKET} ${constants.SO_REUSEPORT}`]: 'SO_REUSEPORT',
  [`${constants.IPPROTO_TCP} ${constants.TCP_NODELAY}`]: 'TCP_NODELAY',
};
const HOW: Record<number, string> = { 0: 'SHUT_RD', 1: 'SHUT_WR', 2: 'SHUT_RDWR' };

/** 'EPOLLIN | EPOLLHUP' */
export function eventNames(events: number): string {
  return bits(events, EVENTS);
}

/** 'SO_REUSEADDR'; undefined for one that we do not know */
export function optionName({ level, option }: Call['args']): string | undefined {
  return OPTIONS[`${level} ${option}`];
}

/** The arguments between the parentheses, by call. */
const writers: Record<string, (call: Call) => (string | number)[]> = {
  socket: ({ args }) => [
    args.domain === constants.AF_INET ? 'AF_INET' : shown(args.domain),
    bits(Number(args.type), {
      SOCK_STREAM: constants.SOCK_STREAM,
      SOCK_NONBLOCK: constants.SOCK_NONBLOCK,
      SOCK_CLOEXEC: constants.SOCK_CLOEXEC,
    }),
    shown(args.protocol),
  ],
  bind: ({ fd, args }) => [fd, `${shown(args.address)}:${shown(args.port)}`],
  connect: ({ fd, args }) => [fd, `${shown(args.address)}:${shown(args.port)}`],
  listen: ({ fd, args }) => [fd, args.backlog === constants.SOMAXCONN ? 'SOMAXCONN' : shown(args.backlog)],
  recv: ({ fd, args }) => [fd, 'buffer', shown(args.length), bits(Number(args.flags ?? 0), FLAGS)],
  send: ({ fd, args }) => [fd, 'buffer', shown(args.length), bits(Number(args.flags ?? 0), FLAGS)],
  read: ({ fd, args }) => [fd, 'buffer', shown(args.length)],
  write: ({ fd, args }) => [fd, 'buffer', shown(args.length)],
  pipe2: ({ args }) => [
    `[${shown(args.out)}, ${shown(args.into)}]`,
    bits(Number(args.flags ?? 0), { O_NONBLOCK: constants.O_NONBLOCK, O_CLOEXEC: constants.O_CLOEXEC }),
  ],
  splice: ({ fd, args }) => [fd, 'NULL', shown(args.to), 'NULL', shown(args.length), bits(Number(args.flags), SPLICE)],
  shutdown: ({ fd, args }) => [fd, HOW[Number(args.how)] ?? shown(args.how)],
  setsockopt: ({ fd, args }) => [
    fd,
    args.level === constants.SOL_SOCKET
      ? 'SOL_SOCKET'
      : args.level === constants.IPPROTO_TCP
        ? 'IPPROTO_TCP'
        : shown(args.level),
    optionName(args) ?? shown(args.option),
    shown(args.value),
  ],
  fcntl: ({ fd, args }) => {
    const operation = {
      [constants.F_GETFL]: 'F_GETFL',
      [constants.F_SETFL]: 'F_SETFL',
      [constants.F_SETPIPE_SZ]: 'F_SETPIPE_SZ',
    }[Number(args.operation)];
    if (operation === 'F_SETPIPE_SZ') return [fd, operation, shown(args.argument)];
    const value = bits(Number(args.argument ?? 0), { O_NONBLOCK: constants.O_NONBLOCK });
    return [fd, operation ?? shown(args.operation), ...(operation === 'F_SETFL' ? [value] : [])];
  },
  epoll_create1: ({ args }) => [bits(Number(args.flags ?? 0), { EPOLL_CLOEXEC: constants.EPOLL_CLOEXEC })],
  epoll_ctl: ({ fd, args }) => [
    shown(args.epfd),
    OPERATIONS[Number(args.operation)] ?? shown(args.operation),
    fd,
    ...(args.events === undefined ? [] : [`{ ${eventNames(Number(args.events))}, fd: ${shown(args.data)} }`]),
  ],
  epoll_wait: ({ fd, args }) => [fd, 'events', shown(args.maxevents), shown(args.timeout)],
};

function shown(value: number | string | undefined): string {
  return value === undefined ? '?' : String(value);
}

/** 'recv(21, buffer, 65536, MSG_DONTWAIT)' */
export function callText(call: Call): string {
  const written = writers[call.call]?.(call) ?? [call.fd, ...Object.values(call.args)].filter((value) => value !== -1);
  return `${call.call}(${written.join(', ')})`;
}

/** '36', '-1 ECONNREFUSED'; undefined while the call is under way */
export function resultText({ result, errno }: Call): string | undefined {
  if (result === undefined) return undefined;
  return errno === undefined ? String(result) : `${result} ${errno}`;
}

/** Bytes in hexadecimal, and as text with a dot for each unprintable byte. */
export function bytesText(head: string): { hex: string; text: string } {
  const bytes = head.match(/../g) ?? [];
  const text = bytes.map((pair) => {
    const code = Number.parseInt(pair, 16);
    return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
  });
  return { hex: bytes.join(' '), text: text.join('') };
}
