/** Converts the arguments of system calls from strace's form to that of the trace of linux/. */
import {
  AF_INET,
  EPOLLERR,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLOUT,
  EPOLLRDHUP,
  F_SETFL,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  O_NONBLOCK,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SO_LINGER,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../../linux/constants.ts';
import type { Descriptors } from './strace-descriptors.ts';
import { pollOf } from './strace-polls.ts';

/** '\x68\x69' → '6869' */
export function hexOf(args: string): string | undefined {
  return /"((?:\\x[0-9a-f]{2})+)"/.exec(args)?.[1]?.replaceAll('\\x', '');
}

/** strace prints the names of bits; unused ones are omitted. */
const BITS: Record<string, number> = {
  AF_INET,
  AF_INET6: 10,
  SOCK_STREAM,
  SOCK_NONBLOCK,
  SOCK_CLOEXEC,
  MSG_PEEK,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
};
/** A domain or type that is none of the above. */
const SOMETHING_ELSE = 0;

function bitsOf(names = ''): number {
  return names.split('|').reduce((mask, name) => mask | (BITS[name.trim()] ?? SOMETHING_ELSE), 0);
}

/**
 * The arguments of a call, with the names of the trace of linux/.
 *
 * @param told our name of the call
 * @param args the text between its parentheses, as far as strace has written it
 * @param table the descriptors of its process
 */
export function argumentsOf(
  { call }: { call: string },
  args: string,
  table: Pick<Descriptors, 'nameOf'>,
): Record<string, number | string> {
  const parts = (most: number): string[] => args.split(', ', most);
  switch (call) {
    case 'socket':
      return { domain: bitsOf(parts(2)[0]), type: bitsOf(parts(2)[1]) };
    case 'socketpair': {
      const [one = -1, other = -1] = pairOf(args);
      return { one, other };
    }
    case 'pipe2': {
      const [out = -1, into = -1] = pairOf(args);
      return { flags: 0, out, into };
    }
    case 'accept':
      return args.includes('SOCK_NONBLOCK') ? { flags: SOCK_NONBLOCK } : {};
    case 'bind':
    case 'connect': {
      const port = /sin6?_port=htons\((\d+)\)/.exec(args)?.[1];
      return { ...(port && { port: Number(port) }), address: addressOf(args) };
    }
    case 'recv':
    case 'send':
    case 'read':
    case 'write':
      return { length: lengthOf(args), flags: flagsOf(args) };
    case 'splice':
    case 'tee':
      return spliceArguments(call, args, table);
    case 'epoll_wait':
      return timeoutOf(args);
    case 'poll':
    case 'select': {
      const { timeout } = pollOf(call, args);
      return timeout === undefined ? {} : { timeout };
    }
    case 'epoll_ctl':
      return controlArguments(args);
    case 'shutdown':
      return { how: HOW[parts(2)[1] ?? ''] ?? -1 };
    case 'setsockopt':
      return optionOf(args);
    case 'fcntl':
      return { operation: F_SETFL, argument: /O_NONBLOCK|FIONBIO, \[1\]/.test(args) ? O_NONBLOCK : 0 };
    default:
      return {};
  }
}

/** 'AF_UNIX, SOCK_STREAM, 0, [12, 13]' and '[6, 7], O_CLOEXEC' */
export function pairOf(args: string): number[] {
  const [, one, other] = /\[(\d+), (\d+)\]/.exec(args) ?? [];
  return one === undefined ? [] : [Number(one), Number(other)];
}

/** '4, NULL, 7, NULL, 65536, SPLICE_F_MOVE'; tee has no offsets. */
function spliceArguments(
  call: 'splice' | 'tee',
  args: string,
  table: Pick<Descriptors, 'nameOf'>,
): Record<string, number> {
  const [to, length] = args
    .split(', ')
    .filter((_part, index) => index === (call === 'tee' ? 1 : 2) || index === (call === 'tee' ? 2 : 4));
  return { to: table.nameOf(Number.parseInt(to ?? '', 10)), length: Number.parseInt(length ?? '', 10), flags: 0 };
}

/** The two descriptors of a splice() or tee(). */
export function splicedBy(call: 'splice' | 'tee', args: string): number[] {
  const parts = args.split(', ').map((part) => Number.parseInt(part, 10));
  return [parts[0], parts[call === 'tee' ? 1 : 2]].filter((fd) => fd !== undefined);
}

/** The flags after the bytes: 'MSG_PEEK|MSG_DONTWAIT'. */
function flagsOf(args: string): number {
  const behind = args.slice(Math.max(args.lastIndexOf('"'), args.lastIndexOf('}')) + 1);
  return bitsOf(/\bMSG_[A-Z|_]+/.exec(behind)?.[0]);
}

/** recvmmsg and sendmmsg return the number of messages; each message has its length. */
export function bytesOfMessages(args: string): number {
  return [...args.matchAll(/\bmsg_len=(\d{1,10})/g)].reduce((sum, [, length]) => sum + Number(length), 0);
}

/**
 * The number of bytes of a call: '5, "\\x68"..., 4096, 0, NULL, NULL', or '5, [{iov_base="\\x68", iov_len=1}], 1'; -1 if
 * strace has not written it yet. A forged line may be long, so this takes linear time.
 */
function lengthOf(args: string): number {
  const pieces = [...args.matchAll(/iov_len=(\d{1,10})/g)];
  if (pieces.length > 0) return pieces.reduce((sum, [, length]) => sum + Number(length), 0);
  const quote = args.lastIndexOf('"');
  // sendfile: '4, 9, [0] => [10], 10'
  const file = quote === -1 ? /^\d+, \d+, (?:NULL|\[\d+\](?: => \[\d+\])?), (\d+)/.exec(args) : null;
  if (file) return Number(file[1]);
  const behind = quote === -1 ? /^\d+, \w+, (\d+)/.exec(args) : /^"(?:\.\.\.)?, (\d+)/.exec(args.slice(quote));
  return Number(behind?.[1] ?? -1);
}

/** strace has not written the timeout of a call that is under way. */
function timeoutOf(args: string): Record<string, number> {
  const timeout = /\], \d+, (-?\d+)/.exec(args)?.[1];
  return timeout === undefined ? {} : { timeout: Number(timeout) };
}

/** '7, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8' */
function optionOf(args: string): Record<string, number> {
  const linger = /SO_LINGER, \{l_onoff=(\d+), l_linger=(\d+)/.exec(args);
  if (linger) return { level: SOL_SOCKET, option: SO_LINGER, value: Number(linger[1]), seconds: Number(linger[2]) };
  if (!args.includes('SO_REUSEADDR')) return {};
  return { level: SOL_SOCKET, option: SO_REUSEADDR, value: args.includes('[1]') ? 1 : 0 };
}

const HOW: Record<string, number> = { SHUT_RD, SHUT_WR, SHUT_RDWR };

/** '5, EPOLL_CTL_ADD, 7, {events=EPOLLIN|EPOLLET, data={u32=7, u64=7}}', as the trace of linux/ has it. */
function controlArguments(args: string): Record<string, number | string> {
  const operation = args.includes('EPOLL_CTL_ADD') ? 1 : args.includes('EPOLL_CTL_DEL') ? 2 : 3;
  const [event] = eventsOf(args);
  return { epfd: Number.parseInt(args, 10), operation, ...(event && { events: event.events, data: event.fd }) };
}

function addressOf(args: string): string {
  const quoted = /inet_addr\("((?:\\x[0-9a-f]{2})+)"\)/.exec(args)?.[1];
  if (quoted) return Buffer.from(quoted.replaceAll('\\x', ''), 'hex').toString('latin1');
  return /inet_addr\("([\d.]+)"\)/.exec(args)?.[1] ?? '';
}

const EVENTS: Record<string, number> = { EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLRDHUP, EPOLLET, EPOLLONESHOT };

/** '[{events=EPOLLIN, data={u32=5, u64=5}}]' */
export function eventsOf(args: string): { fd: number; events: number }[] {
  return [...args.matchAll(/events=([A-Z|]+), data=(?:\{u32=(\d+)|0x([0-9a-f]+))/g)].map((match) => ({
    fd: match[2] ? Number(match[2]) : Number.parseInt(match[3] ?? '0', 16) & 0xffff_ffff,
    events: (match[1] ?? '').split('|').reduce((mask, name) => mask | (EVENTS[name] ?? 0), 0),
  }));
}
