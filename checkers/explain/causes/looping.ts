/** Causes of programs that hang in a call, or never sleep. */

import { EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { lifeAt, told, toldBriefly } from '../history.ts';
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
    functions: CALLERS[unfinished.call] ?? ['handleClient', 'handleUpstream', 'loopRun'],
  };
}

/** The places of such a call and of its socket's creation. */
const CALLERS: Record<string, string[]> = {
  accept: ['acceptConnection', 'loopRun'],
  connect: ['createSocket', 'connectUpstream'],
  send: ['handleClient', 'handleUpstream', 'sendSome', 'acceptConnection'],
};

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
export const eventIgnored: Rule = ({ history }) => {
  const [worst] = [...history.ignoredEvents].sort(([, a], [, b]) => b - a);
  if (worst === undefined || worst[1] < 20) return undefined;
  const [fd, count] = worst;
  const wait = history.calls.findLast(({ events }) => events?.some((event) => event.fd === fd));
  if (wait === undefined) return undefined;
  const life = lifeAt(history, fd, wait);
  const kind = life?.kind === 'client' || life?.kind === 'upstream' ? ` (${life.kind})` : '';
  return {
    id: 'event-not-handled',
    text: `${wait.call}() returned ${count.toLocaleString('en-US')} times for descriptor ${fd}${kind}, and the program neither read nor closed it`,
    proof: [told(wait)],
    call: wait,
    functions: ['loopRun', 'isConnSock', 'isUpstreamSock', 'loopDetach'],
  };
};

export const phrases: Phrases = {
  'always-writable': 'ask[s] for EPOLLOUT all the time, so the loop never rests',
  'never-waits': 'ask[s] epoll_wait() not to wait, so the loop never rests',
};
