/** The system calls of a program in order: the kind and lifetime of each descriptor, and which two form a pair. */
import { EPOLLERR, EPOLLET, EPOLLHUP } from '../../linux/constants.ts';
import type { TraceRecord } from '../contract/trace-record.ts';
import type { Call, Life } from './call.ts';
import { Pairing } from './pairing.ts';
import { OF_PROCESSES } from './processes.ts';
import { isWait } from './waits.ts';

/** The contents of a trace. */
export interface History {
  calls: Call[];
  lives: Life[];
  /** from this index on, calls may be missing: their sequence proves nothing */
  whole: number;
  /** the call that was under way at the end */
  unfinished?: TraceRecord;
  /** descriptors that are registered with EPOLLET */
  edges: Set<number>;
  /** how often epoll_wait returned an event of this descriptor that the program ignored */
  ignoredEvents: Map<number, number>;
}

/** Calls that any process may make in between, e.g. a runtime with its own loops. */
const BY_THE_WAY = ['close', 'epoll_wait', 'poll', 'select', ...OF_PROCESSES];

/** Puts a trace in order; of several programs in a row only the last one counts. */
export function historyOf(trace: TraceRecord[]): History {
  const pid = (trace.findLast(({ call }) => !BY_THE_WAY.includes(call)) ?? trace.at(-1))?.pid;
  const own = trace.filter((record) => record.pid === pid && !OF_PROCESSES.includes(record.call));
  const calls: Call[] = [];
  let table: number[][] | undefined;
  for (const record of own) {
    if (record.result === undefined) continue;
    table = record.rows ?? table;
    calls.push({ ...record, result: record.result, index: calls.length, table });
  }
  const last = own.at(-1);
  const unfinished = last !== undefined && last.result === undefined ? last : undefined;
  return {
    calls,
    lives: livesOf(calls),
    whole: wholeUntil(calls),
    ...(unfinished && { unfinished }),
    edges: edgesOf(calls),
    ignoredEvents: ignoredEventsOf(calls.slice(0, wholeUntil(calls))),
  };
}

function edgesOf(calls: Call[]): Set<number> {
  const attached = calls.filter(({ call, args }) => call === 'epoll_ctl' && (Number(args.events ?? 0) & EPOLLET) !== 0);
  return new Set(attached.map(({ fd }) => fd));
}

/** A line that stands for others is written within this time after them, in ms. */
const LEFT_OUT_MS = 250;

/** How many calls come before the first that may be missing. */
function wholeUntil(calls: Call[]): number {
  const gap = calls.find(({ repeats }) => repeats !== undefined);
  if (gap === undefined) return calls.length;
  const first = calls.findIndex(({ ms }) => ms >= gap.ms - LEFT_OUT_MS);
  return first === -1 ? calls.length : first;
}

function livesOf(calls: Call[]): Life[] {
  const lives: Life[] = [];
  const open = new Map<number, Life>();
  const pairing = new Pairing();
  const begin = (fd: number, kind: Life['kind'], opened: Call): Life => {
    const life: Life = { fd, kind, opened, calls: [] };
    lives.push(life);
    open.set(fd, life);
    return life;
  };
  for (const call of calls) {
    const life = open.get(call.fd);
    life?.calls.push(call);
    // Bytes out of a pipe: the call counts for the socket that gets them.
    if (call.call === 'splice') open.get(Number(call.args.to))?.calls.push(call);
    if (call.call === 'socket' && call.result >= 0) begin(call.result, 'socket', call);
    if (call.call === 'epoll_create1' && call.result >= 0) begin(call.result, 'epoll', call);
    if (call.call === 'accept' && call.result >= 0) pairing.accepted(begin(call.result, 'client', call));
    if (call.call === 'listen' && life) life.kind = 'listener';
    if (call.call === 'connect' && life?.calls.find((one) => one.call === 'connect') === call) pairing.tried();
    if (call.call === 'connect' && life && (call.result === 0 || call.errno === 'EINPROGRESS')) {
      life.kind = 'upstream';
      pairing.connected(life, lives);
    }
    if (call.call === 'close' && life && call.result === 0) {
      life.closed = call;
      open.delete(call.fd);
    }
  }
  pairing.settle();
  return lives;
}

/**
 * Counts, for each descriptor, reports of epoll_wait that no call on that descriptor followed before the next wait.
 * Edge-triggered reports do not count: a program may ignore a change, which is not reported again.
 */
function ignoredEventsOf(calls: Call[]): Map<number, number> {
  const ignored = new Map<number, number>();
  const waits = calls.filter((call) => isWait(call.call));
  const edges = edgesOf(calls);
  waits.forEach((wait, position) => {
    const next = waits[position + 1];
    if (next === undefined) return;
    const touched = new Set(calls.slice(wait.index + 1, next.index).map((call) => call.fd));
    // A program may handle one of many and wait again: reports of poll() or select() count until they are handled.
    if (wait.call !== 'epoll_wait') for (const fd of touched) ignored.delete(fd);
    for (const event of wait.events ?? []) {
      if (touched.has(event.fd) || edges.has(event.fd)) continue;
      ignored.set(event.fd, (ignored.get(event.fd) ?? 0) + 1);
    }
  });
  return ignored;
}

/** The life that a descriptor had at the time of a call; the newest one that had begun. */
export function lifeAt(history: History, fd: number, call: Call): Life | undefined {
  return history.lives.findLast((life) => life.fd === fd && life.opened.index < call.index);
}

/** The next call of this kind on the same open descriptor. */
export function nextOn(history: History, after: Call, name: string): Call | undefined {
  const life = lifeAt(history, after.fd, after);
  return life?.calls.find(({ call, index }) => call === name && index > after.index);
}

/** The end of a socket: recv() returned 0, or recv() or send() failed for good. */
export function endOf(life: Life): Call | undefined {
  return life.calls.find(({ call, fd, result, errno, args }) => {
    if (call === 'recv' && result === 0 && args.length !== 0) return true;
    if (call === 'splice' && result === 0 && fd === life.fd) return true;
    return ['recv', 'send', 'splice'].includes(call) && result === -1 && errno !== 'EAGAIN' && errno !== 'EINTR';
  });
}

/** The report by which epoll told that a socket's connection was broken, before it was closed. */
export function brokenAt(history: History, { fd, opened, closed }: Life): Call | undefined {
  if (closed === undefined) return undefined;
  return history.calls
    .slice(opened.index, closed.index)
    .find(({ events }) => events?.some((event) => event.fd === fd && event.events & (EPOLLHUP | EPOLLERR)));
}

/** 'proxy.ts:88, handleClient'; '' if the trace has no place. */
export function where({ file, line, fn }: TraceRecord): string {
  if (typeof file !== 'string' || typeof line !== 'number') return '';
  const place = `${file.split('/').at(-1)}:${line}`;
  return typeof fn === 'string' && fn !== '' ? `${place}, ${fn}` : place;
}

/** A call as a sentence's subject: 'send(8) returned 2304 (proxy.ts:88, sendAll)'. */
export function told(call: Call): string {
  const place = where(call);
  const outcome = call.result === -1 ? `failed with ${call.errno ?? 'an error'}` : `returned ${call.result}`;
  return `${call.call}(${subject(call)}) ${outcome}${place === '' ? '' : ` (${place})`}`;
}

/** The same without its result: 'close(8) (proxy.ts:95, closePair)'. */
export function toldBriefly(call: TraceRecord): string {
  const place = where(call);
  return `${call.call}(${subject(call)})${place === '' ? '' : ` (${place})`}`;
}

function subject({ call, fd, args }: TraceRecord): string {
  if (call === 'splice') return `${fd} to ${args.to}`;
  if (call === 'connect' || call === 'bind')
    return args.address === '' ? `${fd}, :${args.port}` : `${fd}, ${args.address}:${args.port}`;
  // strace may not have written the number of bytes of a call that is under way.
  if (['send', 'recv', 'write', 'read'].includes(call) && Number(args.length) !== -1)
    return `${fd}, ${args.length} bytes`;
  return fd === -1 ? '' : String(fd);
}
