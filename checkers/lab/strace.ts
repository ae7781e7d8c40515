/** The system calls of a program in any language, written down by strace where it is installed and allowed. See strace(1). */
import { spawnSync } from 'node:child_process';
import {
  EPOLLERR,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLOUT,
  EPOLLRDHUP,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SO_LINGER,
  SO_REUSEADDR,
  SOL_SOCKET,
} from '../../linux/constants.ts';
import { compared } from './strace-compare.ts';
import { type Poll, pollOf } from './strace-polls.ts';
import type { TraceRecord } from './trace-file.ts';

const CALLS = [
  'socket,bind,listen,accept,accept4,connect,recvfrom,sendto,read,write,recvmsg,sendmsg,readv,writev,splice',
  'close,shutdown,setsockopt,epoll_create1,epoll_ctl,epoll_pwait,ppoll,pselect6',
  // Not on every machine; the question mark says so.
  '?epoll_create,?epoll_wait,?epoll_pwait2,?poll,?select',
  // They tell threads, which share descriptors, from processes.
  '?clone,?clone3',
].join(',');

let answer: boolean | undefined;

/** Whether strace works here; tried once. */
export function straceWorks(): boolean {
  answer ??= spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;
  return answer;
}

/** The command that runs a program under strace and writes to a file: times of CLOCK_REALTIME, bytes in hexadecimal. */
export function underStrace(file: string, argv: string[]): string[] {
  return [
    'strace',
    '-f',
    '-qq',
    '-ttt',
    '-xx',
    '-s',
    '32',
    '-e',
    `trace=${CALLS}`,
    '-e',
    'signal=none',
    '-o',
    file,
    ...argv,
  ];
}

/** Our name for a call that does the same. */
const SAME: Record<string, string> = {
  accept4: 'accept',
  recvfrom: 'recv',
  read: 'recv',
  recvmsg: 'recv',
  readv: 'recv',
  sendto: 'send',
  write: 'send',
  sendmsg: 'send',
  writev: 'send',
  epoll_create: 'epoll_create1',
  epoll_pwait: 'epoll_wait',
  epoll_pwait2: 'epoll_wait',
  ppoll: 'poll',
  pselect6: 'select',
};

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/;
const COMPLETE = /^(\w+)\((.*)\) += (-?\d+)(?: (E[A-Z0-9]+)| (\(.*))?/s;
const UNFINISHED = /^(\w+)\((.*) <unfinished \.\.\.>$/s;
/** The process was killed in this call. With an error behind it, a signal came and the call begins again in a line of its own. */
const KILLED = / ?(?:<unfinished \.\.\.>)?\) += \?$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/s;

/**
 * Reads what strace wrote.
 *
 * @param text the file
 * @param toMs turns its times (seconds since 1970) into ms since the check began
 * @returns calls on sockets, epoll instances, and what those watch; those on files are left out
 */
export function parseStrace(text: string, toMs: (seconds: number) => number): TraceRecord[] {
  const pending = new Map<string, { at: number; start: string }>();
  const sockets = new Set<number>();
  const lines = text.split('\n').map((line) => LINE.exec(line) ?? []);
  // A program with one thread leaves the call that it sits in as half a line, and nothing says that it is one.
  const half = lines.at(-1);
  const { processOf, threaded } = processes(lines);
  const records = lines.flatMap((line): TraceRecord[] => {
    const [, pid = '', time = '', rest = ''] = line;
    const at = toMs(Number(time));
    const begun = UNFINISHED.exec(rest);
    if (begun) pending.set(pid, { at, start: `${begun[1]}(${begun[2]}` });
    const resumed = RESUMED.exec(rest);
    const before = pending.get(pid);
    if (resumed && before) pending.delete(pid);
    const whole = resumed && before ? before.start + resumed[2] : rest;
    const complete = COMPLETE.exec(whole);
    if (!complete && !begun && (line === half || KILLED.test(whole)) && /^\w+\(/.test(whole))
      pending.set(pid, { at: before && resumed ? before.at : at, start: whole.replace(KILLED, '') });
    return complete ? asRecord(complete, processOf(pid), before && resumed ? before.at : at, sockets) : [];
  });
  // The call that was begun last is what the program hangs in, if it does; other threads have long been waiting.
  const begun = [...pending].sort(([, a], [, b]) => a.at - b.at);
  const unfinished = begun.flatMap(([pid, { at, start }]) => unfinishedRecord(start, processOf(pid), at, sockets));
  return [
    ...compared(records),
    ...unfinished.map((record) => ({ ...record, ...besides(record, unfinished, threaded) })),
  ];
}

/**
 * Other threads of the same process that are in the middle of a call. strace may not have written down yet what they are
 * in, and some calls it does not follow: where there are threads at all, there is at least one.
 */
function besides({ pid }: TraceRecord, unfinished: TraceRecord[], threaded: Set<number>): Pick<TraceRecord, 'besides'> {
  const seen = unfinished.filter((other) => other.pid === pid).length - 1;
  const others = Math.max(seen, threaded.has(pid) ? 1 : 0);
  return others === 0 ? {} : { besides: others };
}

/** strace names threads; what shares descriptors is a process. `threaded` are those that have made any. */
function processes(lines: (string | undefined)[][]): {
  processOf: (thread: string) => number;
  threaded: Set<number>;
} {
  const makers = new Map<string, string>();
  const half = new Map<string, string>();
  for (const [, thread = '', , text = ''] of lines) {
    const begun = UNFINISHED.exec(text);
    if (begun?.[1]?.startsWith('clone')) half.set(thread, `${begun[1]}(${begun[2]}`);
    const resumed = RESUMED.exec(text);
    const whole = resumed?.[1]?.startsWith('clone') ? `${half.get(thread) ?? ''}${resumed[2]}` : text;
    const made = newThread(whole);
    if (made !== undefined) makers.set(made, makers.get(thread) ?? thread);
  }
  const processOf = (thread: string): number => Number(makers.get(thread) ?? thread);
  return { processOf, threaded: new Set([...makers.values()].map(Number)) };
}

/** 'clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 8': the thread that shares its descriptors with its maker. */
function newThread(call: string): string | undefined {
  if (!call.startsWith('clone') || !call.includes('CLONE_THREAD')) return undefined;
  return /^\) += (\d+)/.exec(call.slice(call.lastIndexOf(')')))?.[1];
}

function asRecord(
  [, name = '', args = '', value = '', errno, outcome]: RegExpExecArray,
  pid: number,
  at: number,
  sockets: Set<number>,
): TraceRecord[] {
  const call = SAME[name] ?? name;
  if (call.startsWith('clone')) return [];
  const result = Number(value);
  const fd = call === 'epoll_ctl' ? Number(args.split(', ')[2]) : firstNumber(args, call);
  if ((call === 'socket' || call === 'accept') && result >= 0) sockets.add(result);
  if ((call === 'recv' || call === 'send') && !sockets.has(fd)) return [];
  // Whoever watches a pipe or an eventfd has to read it, too.
  if (call === 'epoll_ctl' && result === 0) sockets.add(fd);
  if (call === 'close' && !sockets.delete(fd)) return [];
  const head = call === 'recv' || call === 'send' ? hexOf(args) : undefined;
  return [
    {
      at,
      ms: at,
      pid,
      call,
      fd,
      args: argumentsOf(call, args),
      took: 0,
      result,
      ...(errno && { errno }),
      ...(head && { head }),
      ...(call === 'epoll_wait' && { events: eventsOf(args) }),
      ...(isPoll(call) && watchedAndReported(pollOf(call, args, outcome))),
    },
  ];
}

function unfinishedRecord(start: string, pid: number, at: number, sockets: Set<number>): TraceRecord[] {
  const [, name = '', args = ''] = /^(\w+)\((.*)$/s.exec(start) ?? [];
  const call = SAME[name] ?? name;
  if (call.startsWith('clone')) return [];
  const fd = firstNumber(args, call);
  if ((call === 'recv' || call === 'send') && !sockets.has(fd)) return [];
  const { watched } = isPoll(call) ? pollOf(call, args) : {};
  return [{ at, ms: at, pid, call, fd, args: argumentsOf(call, args), ...(watched && { watched }) }];
}

function isPoll(call: string): call is 'poll' | 'select' {
  return call === 'poll' || call === 'select';
}

function watchedAndReported({ watched, events }: Poll): Pick<TraceRecord, 'watched' | 'events'> {
  return { events, ...(watched && { watched }) };
}

/** The first argument of these is no descriptor. */
const NO_DESCRIPTOR = ['socket', 'epoll_create1', 'poll', 'select'];

function firstNumber(args: string, call: string): number {
  if (NO_DESCRIPTOR.includes(call)) return -1;
  return Number.parseInt(args, 10);
}

/** '\x68\x69' → '6869' */
function hexOf(args: string): string | undefined {
  return /"((?:\\x[0-9a-f]{2})+)"/.exec(args)?.[1]?.replaceAll('\\x', '');
}

function argumentsOf(call: string, args: string): Record<string, number | string> {
  if (call === 'bind' || call === 'connect') {
    const port = /sin6?_port=htons\((\d+)\)/.exec(args)?.[1];
    return { ...(port && { port: Number(port) }), address: addressOf(args) };
  }
  if (call === 'recv' || call === 'send') {
    return { length: lengthOf(args), flags: 0 };
  }
  if (call === 'epoll_wait') return timeoutOf(args);
  if (isPoll(call)) {
    const { timeout } = pollOf(call, args);
    return timeout === undefined ? {} : { timeout };
  }
  if (call === 'epoll_ctl') return controlArguments(args);
  if (call === 'shutdown') return { how: HOW[args.split(', ')[1] ?? ''] ?? -1 };
  if (call === 'setsockopt') return optionOf(args);
  return {};
}

/**
 * How many bytes a call is about: '5, "\\x68"..., 4096, 0, NULL, NULL', or '5, [{iov_base="\\x68", iov_len=1}], 1'; -1 where
 * strace has not told it yet. A forged line may be long: nothing here looks at a piece of it twice.
 */
function lengthOf(args: string): number {
  const pieces = [...args.matchAll(/iov_len=(\d{1,10})/g)];
  if (pieces.length > 0) return pieces.reduce((sum, [, length]) => sum + Number(length), 0);
  const quote = args.lastIndexOf('"');
  const behind = quote === -1 ? /^\d+, \w+, (\d+)/.exec(args) : /^"(?:\.\.\.)?, (\d+)/.exec(args.slice(quote));
  return Number(behind?.[1] ?? -1);
}

/** Of a call that is under way strace has not told yet how long it may take. */
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
function eventsOf(args: string): { fd: number; events: number }[] {
  return [...args.matchAll(/events=([A-Z|]+), data=(?:\{u32=(\d+)|0x([0-9a-f]+))/g)].map((match) => ({
    fd: match[2] ? Number(match[2]) : Number.parseInt(match[3] ?? '0', 16) & 0xffff_ffff,
    events: (match[1] ?? '').split('|').reduce((mask, name) => mask | (EVENTS[name] ?? 0), 0),
  }));
}
