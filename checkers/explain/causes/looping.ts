/** Causes of programs that hang in a call, or never sleep. */

import { EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import type { TraceRecord } from '../../contract/trace-record.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { type History, lifeAt, told, toldBriefly } from '../history.ts';
import { isWait } from '../waits.ts';

/** A program hangs in a call that has lasted this long, in ms, when the check gives up. */
const LONG_MS = 400;

/** The call that the program hung in when the check gave up. */
function hangsIn(facts: Facts, names: string[]): Cause | undefined {
  const { unfinished } = facts.history;
  if (unfinished === undefined || !names.includes(unfinished.call)) return undefined;
  if (facts.evidence.failedAt - unfinished.ms < LONG_MS) return undefined;
  // With a thread for each client, one thread that blocks is normal.
  if (unfinished.besides !== undefined) return undefined;
  const life = facts.history.lives.findLast(({ fd }) => fd === unfinished.fd);
  const side = life?.kind === 'client' || life?.kind === 'upstream' ? `, the ${life.kind}'s socket,` : '';
  return {
    id: `blocked-in-${unfinished.call}`,
    text: `the program sits in ${unfinished.call}() on ${unfinished.fd}${side} and does not come back: ${WAITS_FOR[unfinished.call]}, and all other work waits with it`,
    proof: [
      `${toldBriefly(unfinished)} began at ${Math.round(unfinished.ms)} ms and was not over at ${Math.round(facts.evidence.failedAt)} ms`,
    ],
    call: unfinished,
    functions: CALLERS[unfinished.call] ?? callersOf(unfinished),
  };
}

/** The places of such a call and of its socket's creation. */
const CALLERS: Record<string, string[]> = {
  accept: ['acceptConnection', 'loopRun'],
  connect: ['createSocket', 'connectUpstream'],
  send: ['handleClient', 'handleUpstream', 'sendSome', 'acceptConnection'],
};

/** Of a recv(): its own function where the trace has it, and the loop, which chose the socket. */
function callersOf({ fn }: TraceRecord): string[] {
  return typeof fn === 'string' ? [fn, 'loopRun'] : ['handleClient', 'handleUpstream', 'loopRun'];
}

const WAITS_FOR: Record<string, string> = {
  accept: 'no client is there, so it waits for the next one',
  recv: 'no bytes are there, so it waits for some',
  send: 'the other end takes no more at the moment, so it waits until there is room',
  connect: 'the handshake is not over, so it waits',
};

/** accept, recv and connect: a loop calls them only after epoll has reported that they will not block. */
export const blockedReceiving: Rule = (facts) => hangsIn(facts, ['accept', 'recv', 'connect']);

/** send may block for slow readers in this stage, so this is the last explanation. */
export const blockedSending: Rule = (facts) => hangsIn(facts, ['send']);

export const neverWaits: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const waits = facts.history.calls.filter(({ call, args }) => isWait(call) && args.timeout === 0);
  const count = waits.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = waits.at(-1);
  if (last === undefined || count < 100) return undefined;
  return {
    id: 'never-waits',
    text: `${last.call}() is asked not to wait (timeout 0) and was called ${count.toLocaleString('en-US')} times; a timeout of -1 waits until something happens`,
    proof: [told(last)],
    call: last,
    functions: ['loopRun'],
  };
};

/** What asks for an event when there is room to write. */
const WRITABLE: Record<string, string> = { epoll_wait: 'EPOLLOUT', poll: 'POLLOUT', select: 'that (writefds)' };

/** A socket is almost always writable: with EPOLLOUT registered, epoll_wait() returns at once, again and again. */
export const alwaysWritable: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const reports = facts.history.calls.filter(({ events }) =>
    events?.some(({ fd, events: mask }) => mask & EPOLLOUT && !(mask & EPOLLIN) && !facts.history.edges.has(fd)),
  );
  const count = reports.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = reports.at(-1);
  if (last === undefined || count < 100) return undefined;
  const fd = last.events?.find(({ events: mask }) => mask & EPOLLOUT)?.fd;
  return {
    id: 'always-writable',
    text: `${last.call}() returned ${count.toLocaleString('en-US')} times because descriptor ${fd} has room to write, which it nearly always has: ask for ${WRITABLE[last.call]} only while something waits to be sent`,
    proof: [told(last)],
    call: last,
    functions: ['acceptConnection', 'loopAttach', 'wantedEvents', 'flush'],
  };
};

/** epoll reports the same descriptor over and over, and the program ignores it. */
export const eventIgnored: Rule = ({ history, role }) => {
  const [worst] = [...history.ignoredEvents].sort(([, a], [, b]) => b - a);
  if (worst === undefined || worst[1] < 20) return undefined;
  const [fd, count] = worst;
  const wait = history.calls.findLast(({ events }) => events?.some((event) => event.fd === fd));
  if (wait === undefined) return undefined;
  const life = lifeAt(history, fd, wait);
  const kind = life?.kind === 'client' || life?.kind === 'upstream' ? ` (${life.kind})` : '';
  const instead = readInstead(history, fd);
  if (instead !== undefined) {
    return {
      id: 'read-other-socket',
      text: `${instead.wait.call}() reported ${fd}${kind}, and recv() was called on ${instead.recv.fd} in place of it, again and again`,
      proof: [told(instead.wait), told(instead.recv)],
      call: instead.recv,
      functions: typeof instead.recv.fn === 'string' ? [instead.recv.fn] : [],
    };
  }
  const forgotten = life && role === 'proxy' ? forgottenAt(history, life) : undefined;
  return {
    id: 'event-not-handled',
    text: `${wait.call}() returned ${count.toLocaleString('en-US')} times for descriptor ${fd}${kind}, and the program neither read nor closed it`,
    proof: [told(wait), ...(forgotten ? [`before that, another pair was closed: ${told(forgotten)}`] : [])],
    call: wait,
    functions: forgotten ? ['closePair', 'loopRun'] : ['loopRun', ...ROUTING[life?.kind ?? 'socket'], 'loopDetach'],
  };
};

/** The functions that decide who handles an event. */
const ROUTING: Record<Life['kind'], string[]> = {
  listener: [],
  client: ['isConnSock', 'acceptConnection'],
  upstream: ['isUpstreamSock', 'acceptConnection'],
  epoll: [],
  socket: ['isConnSock', 'isUpstreamSock'],
};

/** The last time that epoll reported this descriptor alone, and the program called recv() on its partner only. */
function readInstead(history: History, fd: number): { wait: Call; recv: Call } | undefined {
  const wait = history.calls.findLast(
    ({ call, events, index }) => call === 'epoll_wait' && events?.length === 1 && index < history.calls.length - 1,
  );
  if (wait?.events?.[0]?.fd !== fd) return undefined;
  const [recv, next] = history.calls.slice(wait.index + 1);
  const isPartner = recv?.fd === lifeAt(history, fd, wait)?.partner?.fd;
  const isOnly = next === undefined || isWait(next.call);
  return recv?.call === 'recv' && recv.errno === 'EAGAIN' && isPartner && isOnly ? { wait, recv } : undefined;
}

/**
 * The close() of another pair, before the first report that the program ignored. Until then it had read this socket, or
 * others of its kind: it knew them, and has forgotten this one.
 */
function forgottenAt(history: History, life: Life): Call | undefined {
  const { fd, kind, opened, partner } = life;
  const read = life.calls.findLast(({ call, result }) => call === 'recv' && result > 0) ?? opened;
  const report = history.calls.find(({ events, index }) => index > read.index && events?.some((one) => one.fd === fd));
  const knows = (other: Life): boolean =>
    other.kind === kind && other.calls.some(({ call, index }) => call === 'recv' && index < (report?.index ?? 0));
  if (report === undefined || !history.lives.some(knows)) return undefined;
  return history.calls
    .slice(read.index, report.index)
    .findLast((call) => call.call === 'close' && call.result === 0 && call.fd !== fd && call.fd !== partner?.fd);
}

export const phrases: Phrases = {
  'read-other-socket': 'receive[s] from another socket than the one that epoll reported',
  'always-writable': 'ask[s] for EPOLLOUT all the time, so the loop never rests',
  'never-waits': 'ask[s] epoll_wait() not to wait, so the loop never rests',
};
