/** The system calls of a program in any language, traced by strace if it is installed and allowed. See strace(1). */
import { spawnSync } from 'node:child_process';
import type { ReportedEvent, TraceRecord } from '../contract/trace-record.ts';
import { argumentsOf, bytesOfMessages, eventsOf, hexOf, pairOf, splicedBy } from './strace-arguments.ts';
import { compared } from './strace-compare.ts';
import { type Descriptors, DescriptorTables } from './strace-descriptors.ts';
import { type Poll, pollOf } from './strace-polls.ts';

const CALLS = [
  'socket,socketpair,bind,listen,accept,accept4,connect,recvfrom,sendto,read,write,recvmsg,sendmsg,recvmmsg,sendmmsg',
  'readv,writev,splice,tee,sendfile,pipe2,dup,dup3,fcntl,ioctl',
  'close,shutdown,setsockopt,epoll_create1,epoll_ctl,epoll_pwait,ppoll,pselect6',
  // Not on every machine; the question mark says so.
  '?epoll_create,?epoll_wait,?epoll_pwait2,?poll,?select,?pipe,?dup2,?close_range,?fork,?vfork',
  // They tell threads, which share descriptors, from processes.
  'execve,exit_group,?clone,?clone3',
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
    '-T',
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
  recvmmsg: 'recv',
  readv: 'recv',
  sendto: 'send',
  write: 'send',
  sendmsg: 'send',
  sendmmsg: 'send',
  sendfile: 'send',
  writev: 'send',
  pipe: 'pipe2',
  ioctl: 'fcntl',
  epoll_create: 'epoll_create1',
  epoll_pwait: 'epoll_wait',
  epoll_pwait2: 'epoll_wait',
  ppoll: 'poll',
  pselect6: 'select',
};

/** A process read standard input to its end, then exited: no call, but what strace showed of several. */
export const INPUT_END = 'input-end';

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/;
const COMPLETE = /^(\w+)\((.*)\) += (-?\d+)(?: (E[A-Z0-9]+))?(.*)/s;
const UNFINISHED = /^(\w+)\((.*) <unfinished \.\.\.>$/s;
/** The process was killed in this call. If an error follows, a signal came, and the restarted call has a line of its own. */
const KILLED = / ?(?:<unfinished \.\.\.>)?\) += \?$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/s;

/**
 * Parses strace's output.
 *
 * @param text the contents of the file
 * @param toMs turns its times (seconds since 1970) into ms since the check began
 * @returns calls on sockets, epoll instances, and descriptors in epoll, without those on files
 */
export function parseStrace(text: string, toMs: (seconds: number) => number): TraceRecord[] {
  const pending = new Map<string, { at: number; start: string }>();
  const lines = text.split('\n').map((line) => LINE.exec(line) ?? []);
  // A program with one thread leaves its blocking call as half a line, without a mark.
  const half = lines.at(-1);
  const { processOf, threaded, makerOf, related } = processes(lines);
  const tables = new DescriptorTables(makerOf);
  const inputs = new InputEnds(makerOf);
  const records = lines.flatMap((line): TraceRecord[] => {
    const [, pid = '', time = '', rest = ''] = line;
    const at = toMs(Number(time));
    const begun = UNFINISHED.exec(rest);
    if (begun) pending.set(pid, { at, start: `${begun[1]}(${begun[2]}` });
    if (begun && FORKS.test(begun[1] ?? '')) tables.forks(processOf(pid));
    const resumed = RESUMED.exec(rest);
    const before = pending.get(pid);
    if (resumed && before) pending.delete(pid);
    const whole = resumed && before ? before.start + resumed[2] : rest;
    if (whole.startsWith('exit_group(')) {
      pending.delete(pid);
      const exit = related.has(processOf(pid)) ? [exitRecord(whole, processOf(pid), at)] : [];
      return [...inputs.exits(pid), ...exit];
    }
    const complete = COMPLETE.exec(whole);
    if (!complete && !begun && (line === half || KILLED.test(whole)) && /^\w+\(/.test(whole))
      pending.set(pid, { at: before && resumed ? before.at : at, start: whole.replace(KILLED, '') });
    const told = complete ? asRecord(complete, processOf(pid), before && resumed ? before.at : at, tables) : [];
    if (complete) inputs.read(complete, pid, processOf(pid), at, told, tables);
    return told;
  });
  // If the program hangs, then in the call that began last; other threads have waited longer.
  const begun = [...pending].sort(([, a], [, b]) => a.at - b.at);
  const unfinished = begun.flatMap(([pid, { at, start }]) => unfinishedRecord(start, processOf(pid), at, tables));
  return [
    ...compared(records),
    ...unfinished.map((record) => ({ ...record, ...besides(record, unfinished, threaded) })),
  ];
}

/**
 * Other threads of the same process that are in the middle of a call. strace may not have written their calls yet, and does
 * not trace all calls: with threads, there is at least one.
 */
function besides({ pid }: TraceRecord, unfinished: TraceRecord[], threaded: Set<number>): Pick<TraceRecord, 'besides'> {
  const seen = unfinished.filter((other) => other.pid === pid).length - 1;
  const others = Math.max(seen, threaded.has(pid) ? 1 : 0);
  return others === 0 ? {} : { besides: others };
}

/** Maps threads, which strace names, to processes, which share descriptors. `threaded`: processes with threads. */
function processes(lines: (string | undefined)[][]): {
  processOf: (thread: string) => number;
  threaded: Set<number>;
  makerOf: (pid: number) => number | undefined;
  /** parents and their children */
  related: Set<number>;
} {
  const makers = new Map<string, string>();
  const parents = new Map<number, string>();
  const half = new Map<string, string>();
  for (const [, thread = '', , text = ''] of lines) {
    const begun = UNFINISHED.exec(text);
    if (FORKS.test(begun?.[1] ?? '')) half.set(thread, `${begun?.[1]}(${begun?.[2]}`);
    const resumed = RESUMED.exec(text);
    const whole = FORKS.test(resumed?.[1] ?? '') ? `${half.get(thread) ?? ''}${resumed?.[2]}` : text;
    const made = newProcess(whole);
    if (made === undefined) continue;
    if (whole.includes('CLONE_THREAD')) makers.set(made, makers.get(thread) ?? thread);
    else parents.set(Number(made), thread);
  }
  const processOf = (thread: string): number => Number(makers.get(thread) ?? thread);
  const makerOf = (pid: number): number | undefined => {
    const thread = parents.get(pid);
    return thread === undefined ? undefined : processOf(thread);
  };
  const related = new Set([...parents].flatMap(([made, thread]) => [made, processOf(thread)]));
  return { processOf, threaded: new Set([...makers.values()].map(Number)), makerOf, related };
}

/** 'clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 8': a thread shares the descriptors of its process. */
function newProcess(call: string): string | undefined {
  if (!/^(?:v?fork|clone3?)\(/.test(call)) return undefined;
  return /^\) += (\d+)/.exec(call.slice(call.lastIndexOf(')')))?.[1];
}

/** The exit of a process that shares sockets with others: it closes all of them. */
function exitRecord(call: string, pid: number, at: number): TraceRecord {
  return { at, ms: at, pid, call: 'exit', fd: -1, args: {}, took: 0, result: firstNumber(call.slice(11), 'exit') };
}

/** Calls after which the end of standard input is no reason to exit; a runtime may still wake its loop. */
const WORKS = new Set(['socket', 'bind', 'listen', 'accept', 'connect', 'recv', 'send', 'splice']);

/** Threads that read standard input to its end, and did nothing with a socket after that. */
class InputEnds {
  readonly #ends = new Map<string, TraceRecord>();
  /** processes with something else on descriptor 0, e.g. a file that a shell reads */
  readonly #redirected = new Set<number>();
  /** copies of standard input, with which a shell puts it back: '7 10' */
  readonly #copies = new Set<string>();
  readonly #seen = new Set<number>();
  readonly #makerOf: (pid: number) => number | undefined;

  constructor(makerOf: (pid: number) => number | undefined) {
    this.#makerOf = makerOf;
  }

  read(
    [, name = '', args = '', value]: RegExpExecArray,
    thread: string,
    pid: number,
    at: number,
    told: TraceRecord[],
    tables: DescriptorTables,
  ): void {
    this.#redirect(name, args, value, pid);
    // What a process read before it became another program is no reason for that one to exit.
    if (name === 'execve' && value === '0') this.#ends.delete(thread);
    const isStandard = !tables.of(pid).isKnown(0) && !this.#redirected.has(pid);
    const isInput = /^readv?$/.test(name) && Number.parseInt(args, 10) === 0 && isStandard;
    // A read of no bytes returns 0, too.
    if (isInput && value === '0' && !/, 0$/.test(args)) {
      this.#ends.set(thread, { at, ms: at, pid, call: INPUT_END, fd: 0, args: {}, took: 0, result: 0 });
    } else if (isInput || told.some(({ call }) => WORKS.has(call))) {
      this.#ends.delete(thread);
    }
  }

  #redirect(name: string, args: string, value: string | undefined, pid: number): void {
    // A new process has the descriptors of its maker.
    if (!this.#seen.has(pid) && this.#redirected.has(this.#makerOf(pid) ?? -1)) this.#redirected.add(pid);
    this.#seen.add(pid);
    const [from, to] = args.split(', ');
    const copies = name === 'dup' || (name === 'fcntl' && to?.startsWith('F_DUPFD'));
    if (copies && from === '0' && !this.#redirected.has(pid)) this.#copies.add(`${pid} ${value}`);
    if (name === 'close' && from === '0' && value === '0') this.#redirected.add(pid);
    if (!/^dup[23]$/.test(name) || to !== '0' || value !== '0') return;
    if (this.#copies.has(`${pid} ${from}`)) this.#redirected.delete(pid);
    else this.#redirected.add(pid);
  }

  /** @returns the end of the input, if the thread that ends its process did nothing else after that */
  exits(thread: string): TraceRecord[] {
    const end = this.#ends.get(thread);
    return end === undefined ? [] : [end];
  }
}

function asRecord(
  [, name = '', args = '', value = '', errno, outcome]: RegExpExecArray,
  pid: number,
  at: number,
  tables: DescriptorTables,
): TraceRecord[] {
  const table = tables.of(pid);
  const told = callOn(name, args, table);
  if (FORKS.test(name)) tables.forks(pid);
  const result = name.endsWith('mmsg') && Number(value) > 0 ? bytesOfMessages(args) : Number(value);
  const hadSockets = table.hasAny();
  if (result >= 0) settle(name, args, result, table);
  const seconds = / <(\d+\.\d+)>$/.exec(outcome ?? '')?.[1];
  const base = { at, ms: at, pid, took: Number(seconds ?? 0) * 1000, result, ...(errno && { errno }) };
  if (name === 'close_range' && result === 0)
    return closedRange(args, table).map((fd) => ({ ...base, call: 'close', fd, args: {} }));
  if (FORKS.test(name) && result > 0 && !args.includes('CLONE_THREAD') && table.hasAny())
    return [{ ...base, call: 'fork', fd: -1, args: {} }];
  if (name === 'execve' && result === 0 && hadSockets) return [{ ...base, call: 'execve', fd: -1, args: {} }];
  if (told === undefined) return [];
  const { call, fd } = told;
  if (call === 'close') {
    const gone = table.close(Number.parseInt(args, 10));
    return gone === undefined ? [] : [{ ...base, call, fd: gone, args: {} }];
  }
  const head = MOVES.has(call) ? hexOf(args) : undefined;
  return [
    {
      ...base,
      call,
      fd,
      args: argumentsOf(told, args, table),
      ...(head && { head }),
      ...(call === 'epoll_wait' && { events: eventsOf(args) }),
      ...(isPoll(call) && named(pollOf(call, args, outcome), table)),
    },
  ];
}

function unfinishedRecord(start: string, pid: number, at: number, tables: DescriptorTables): TraceRecord[] {
  const [, name = '', args = ''] = /^(\w+)\((.*)$/s.exec(start) ?? [];
  const table = tables.of(pid);
  const told = callOn(name, args, table);
  if (told === undefined) return [];
  const { watched } = isPoll(told.call) ? named(pollOf(told.call, args), table) : {};
  return [{ at, ms: at, pid, ...told, args: argumentsOf(told, args, table), ...(watched && { watched }) }];
}

const FORKS = /^(?:v?fork|clone3?)$/;
/** Calls that only change the table of descriptors, and are not in the result. */
const UNTOLD = /^(?:v?fork|clone3?|dup[23]?|close_range|execve)$/;
const MOVES = new Set(['recv', 'send', 'read', 'write']);
/** These calls work on sockets, pipes and files. */
const ANY_FILE: Record<string, string> = { read: 'read', readv: 'read', write: 'write', writev: 'write' };

/** Our name for a call, and its descriptor; undefined for a call on a file, and for irrelevant calls. */
function callOn(name: string, args: string, table: Descriptors): { call: string; fd: number } | undefined {
  const call = SAME[name] ?? name;
  if (UNTOLD.test(name)) return undefined;
  const number = call === 'epoll_ctl' ? Number(args.split(', ')[2]) : firstNumber(args, call);
  const fd = table.nameOf(number);
  if (call === 'fcntl' && !(table.isSocket(number) && /F_SETFL|FIONBIO/.test(args))) return undefined;
  if (!MOVES.has(call)) return { call, fd };
  const file = ANY_FILE[name];
  if (file !== undefined && table.isOther(number)) return { call: file, fd };
  return table.isSocket(number) ? { call, fd } : undefined;
}

/** Records how a successful call changed the descriptors. */
function settle(name: string, args: string, result: number, table: Descriptors): void {
  const call = SAME[name] ?? name;
  const [first = 0, second = 0] = args.split(', ', 2).map((part) => Number.parseInt(part, 10));
  if (call === 'socket' || call === 'accept') table.socket(result);
  if (call === 'socketpair') for (const fd of pairOf(args)) table.socket(fd);
  if (call === 'pipe2') for (const fd of pairOf(args)) table.pipe(fd);
  if (call === 'epoll_ctl') table.use(Number(args.split(', ')[2]));
  if (name === 'splice' || name === 'tee') for (const fd of splicedBy(name, args)) table.use(fd);
  if (name === 'execve') table.exec();
  if (name === 'dup' || (name === 'fcntl' && args.includes('F_DUPFD'))) table.duplicate(first, result);
  if (name === 'dup2' || name === 'dup3') table.duplicate(first, second);
}

/** '20, 4294967295, 0'; with a flag they close later, at exec(). */
function closedRange(args: string, table: Descriptors): number[] {
  const [first = 0, last = 0, flags = 0] = args.split(', ').map(Number);
  if (flags !== 0 && args.includes('CLOEXEC')) return [];
  return table.between(first, last).flatMap((fd) => table.close(fd) ?? []);
}

function isPoll(call: string): call is 'poll' | 'select' {
  return call === 'poll' || call === 'select';
}

/** Replaces each descriptor by its first number. */
function named({ watched, events }: Poll, table: Descriptors): Pick<TraceRecord, 'watched' | 'events'> {
  const renamed = (all: ReportedEvent[]): ReportedEvent[] => all.map((one) => ({ ...one, fd: table.nameOf(one.fd) }));
  return { events: renamed(events), ...(watched && { watched: renamed(watched) }) };
}

/** The first argument of these is no descriptor. */
const NO_DESCRIPTOR = ['socket', 'socketpair', 'pipe2', 'epoll_create1', 'poll', 'select'];

function firstNumber(args: string, call: string): number {
  if (NO_DESCRIPTOR.includes(call)) return -1;
  return Number.parseInt(args, 10);
}
