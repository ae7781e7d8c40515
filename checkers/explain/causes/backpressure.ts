/** Causes of failures with non-blocking sockets: handshakes under way, bytes that are kept, reading that is paused. */

import { EPOLL_CTL_DEL, EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { type History, nextOn, told, toldBriefly } from '../history.ts';
import { isWait } from '../waits.ts';
import { isFresh } from './rest.ts';

const MEBIBYTE = 1024 * 1024;
/** This many times within one round of the loop is no coincidence. */
const MANY = 50;
/** Fewer bytes may be in the kernel's buffers and prove nothing; this many do. */
const UNSENT_BYTES = 8 * MEBIBYTE;
/** A pause between two calls that a busy machine does not explain, in ms, and how often it must occur. */
const REST_MS = 60;
const RESTS = 3;

/** Both sockets of every pair, each with its partner. */
function sides(history: History): { own: Life; partner: Life }[] {
  return history.lives.flatMap((life) => (life.partner ? [{ own: life, partner: life.partner }] : []));
}

/** How many bytes of a send() were not taken. */
function leftOf(send: Call): number {
  return Number(send.args.length) - Math.max(0, send.result);
}

function isFull(send: Call): boolean {
  return send.errno === 'EAGAIN' || (send.result >= 0 && leftOf(send) > 0);
}

function lastSend({ calls }: Life): Call | undefined {
  return calls.findLast(({ call }) => call === 'send');
}

/** The last epoll_ctl() on a descriptor. EPOLL_CTL_DEL counts as an empty set of events. */
function lastWatch({ calls }: Life): Call | undefined {
  return calls.findLast(({ call, result }) => call === 'epoll_ctl' && result === 0);
}

function asks(watch: Call | undefined, event: number): boolean {
  return watch?.args.operation !== EPOLL_CTL_DEL && (Number(watch?.args.events ?? 0) & event) !== 0;
}

/** The same call after EAGAIN, again and again, without a return to epoll_wait(). */
export const sendRetriedAtOnce: Rule = ({ history }) => {
  let [count, first]: [number, Call | undefined] = [0, undefined];
  for (const call of history.calls) {
    if (isWait(call.call)) [count, first] = [0, undefined];
    if (call.call !== 'send' || call.errno !== 'EAGAIN') continue;
    first ??= call;
    count += 1 + (call.repeats ?? 0);
    if (count < MANY) continue;
    return {
      id: 'send-retried-at-once',
      text: `send(${first.fd}) said that there is no room at the moment (EAGAIN), and was called again ${count} times without a wait for room: no other client is served meanwhile`,
      proof: [told(first), told(call)],
      call: first,
      functions: ['sendAll', 'sendSome'],
    };
  }
  return undefined;
};

const handshakeAskedFor: Rule = ({ history }) => {
  for (const { calls } of history.lives) {
    const connects = calls.filter(({ call }) => call === 'connect');
    const count = connects.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
    const [first] = connects;
    if (first?.errno !== 'EINPROGRESS' || count < MANY) continue;
    return {
      id: 'handshake-asked-for',
      text: `connect(${first.fd}) said that the handshake is under way, and the program called it ${count.toLocaleString('en-US')} times instead of waiting for EPOLLOUT in the loop`,
      proof: connects.slice(0, 2).map(told),
      call: first,
      functions: ['connectUpstream'],
    };
  }
  return undefined;
};

/** The handshake of a socket is not over until epoll reports that it is writable. */
const sentBeforeConnected: Rule = ({ history }) => {
  for (const { calls, kind, fd } of history.lives) {
    const connect = calls.find(({ call, errno }) => call === 'connect' && errno === 'EINPROGRESS');
    const send = calls.find(({ call }) => call === 'send');
    if (kind !== 'upstream' || connect === undefined || send?.errno !== 'EAGAIN') continue;
    const writable = history.calls
      .slice(connect.index, send.index)
      .some(({ events }) => events?.some((event) => event.fd === fd && event.events & EPOLLOUT));
    if (writable) continue;
    return {
      id: 'sent-before-connected',
      text: `bytes were offered to upstream socket ${fd} while its handshake was still under way: it takes none before it is connected`,
      proof: [told(connect), told(send)],
      call: send,
      functions: ['acceptConnection', 'finishConnect'],
    };
  }
  return undefined;
};

/** A handshake failed, and the client that waits for it stays. */
const clientForgotten: Rule = (facts) => {
  if (!shows(facts, 'client-kept')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const connect = own.calls.find(({ call, errno }) => call === 'connect' && errno === 'EINPROGRESS');
    if (own.kind !== 'upstream' || connect === undefined || own.closed === undefined || partner.closed) continue;
    return {
      id: 'client-not-released',
      text: `the handshake of upstream socket ${own.fd} failed and it was closed, but the client that waits for it, ${partner.fd}, was not`,
      proof: [told(connect), told(own.closed), `no close(${partner.fd}) followed`],
      call: own.closed,
      functions: ['finishConnect', 'acceptConnection'],
    };
  }
  return undefined;
};

const roomNeverAskedFor: Rule = ({ history }) => {
  for (const { own, partner } of sides(history)) {
    const send = lastSend(own);
    if (send === undefined || !isFull(send) || own.closed) continue;
    const paused = lastWatch(partner);
    const watch = lastWatch(own);
    if (paused === undefined || paused.index < send.index || asks(paused, EPOLLIN) || asks(watch, EPOLLOUT)) continue;
    return {
      id: 'room-never-asked-for',
      text: `${leftOf(send)} bytes wait for descriptor ${own.fd}, and the program never asked epoll to report room for them (EPOLLOUT)`,
      proof: [told(send), ...(watch ? [`the last change for ${own.fd}: ${toldBriefly(watch)}`] : [])],
      call: send,
      functions: ['wantedEvents', 'keepRest'],
    };
  }
  return undefined;
};

const readingNotResumed: Rule = ({ history }) => {
  for (const { own, partner } of sides(history)) {
    const send = lastSend(own);
    const watch = lastWatch(partner);
    if (send === undefined || isFull(send) || send.result < 0 || own.closed || partner.closed) continue;
    const received = partner.calls.findLast(({ call }) => call === 'recv');
    if (watch === undefined || asks(watch, EPOLLIN) || (received?.result ?? 0) <= 0) continue;
    // After shutdown() a program removes a socket for good.
    const isOver = [...own.calls, ...partner.calls].some(({ call }) => call === 'shutdown');
    if (watch.args.operation === EPOLL_CTL_DEL && isOver) continue;
    return {
      id: 'reading-not-resumed',
      text: `all bytes that waited for descriptor ${own.fd} are sent, but the loop still does not watch their source, ${partner.fd}, for new ones (EPOLLIN)`,
      proof: [told(send), `the last change for ${partner.fd}: ${toldBriefly(watch)}`],
      call: send,
      functions: ['flush', 'wantedEvents'],
    };
  }
  return undefined;
};

const readsWithoutLimit: Rule = (facts) => {
  if (!shows(facts, 'takes-too-much', 'missing-bytes', 'slow')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const received = sum(partner.calls, 'recv');
    const sent = sum(own.calls, 'send');
    const last = partner.calls.findLast(({ call }) => call === 'recv');
    const full = own.calls.find((call) => call.call === 'send' && isFull(call));
    // Without a send() that found no room, or with newer bytes behind it, the bytes were not kept for a slow peer but
    // dropped.
    if (received - sent < UNSENT_BYTES || last === undefined || full === undefined) continue;
    const next = nextOn(facts.history, full, 'send');
    if (next !== undefined && isFresh(facts.history, next, full)) continue;
    return {
      id: 'reads-without-limit',
      text: `the program went on reading from descriptor ${partner.fd} while ${own.fd} took nothing: ${Math.round((received - sent) / MEBIBYTE)} MiB were received and not sent on`,
      proof: [told(full), told(last)],
      call: last,
      functions: ['wantedEvents', 'keepRest'],
    };
  }
  return undefined;
};

function sum(calls: Call[], name: string): number {
  return calls.reduce((total, { call, result, repeats = 0 }) => {
    return call === name && result > 0 ? total + result * (1 + repeats) : total;
  }, 0);
}

const pausesBothDirections: Rule = (facts) => {
  if (!shows(facts, 'missing-bytes')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const send = lastSend(own);
    const watch = lastWatch(own);
    if (send === undefined || !isFull(send) || watch === undefined) continue;
    // A closed pair cannot be the one that misses bytes.
    if (own.closed !== undefined || partner.closed !== undefined) continue;
    const back = lastSend(partner);
    if (watch.index < send.index || asks(watch, EPOLLIN) || (back !== undefined && isFull(back))) continue;
    return {
      id: 'pauses-both-directions',
      text: `bytes wait for descriptor ${own.fd}, and the program no longer reads it either: a socket that takes no bytes may still send some`,
      proof: [told(send), `the last change for ${own.fd}: ${toldBriefly(watch)}`],
      call: watch,
      functions: ['wantedEvents'],
    };
  }
  return undefined;
};

/** Last resort, since a program that is busy or stopped elsewhere pauses, too. */
export const sleepsInTheLoop: Rule = (facts) => {
  if (!shows(facts, 'slow', 'missing-bytes')) return undefined;
  // Before the first client, a program may start slowly.
  const first = facts.history.calls.findIndex(({ call }) => call === 'accept');
  const calls = first === -1 ? [] : facts.history.calls.slice(first, facts.history.whole);
  const rests = calls.flatMap((call, index) => {
    const before = calls[index - 1];
    const ms = before === undefined ? 0 : call.ms - before.ms - (before.took ?? 0);
    return before !== undefined && ms > REST_MS ? [{ before, call, ms: Math.round(ms) }] : [];
  });
  const longest = rests.toSorted((a, b) => b.ms - a.ms)[0];
  if (longest === undefined || rests.length < RESTS) return undefined;
  return {
    id: 'sleeps-in-the-loop',
    text: `between two system calls the program did nothing for a while, ${rests.length} times, for up to ${longest.ms} ms: all clients wait meanwhile`,
    proof: [`${told(longest.before)}, and ${longest.ms} ms later ${toldBriefly(longest.call)}`],
    call: longest.before,
    functions: ['loopRun', 'keepRest'],
  };
};

/** Rules for handshakes. */
export const handshakeRules: Rule[] = [handshakeAskedFor, clientForgotten];

/** Rules for bytes in transit. */
export const backpressureRules: Rule[] = [
  handshakeAskedFor,
  sendRetriedAtOnce,
  sentBeforeConnected,
  readsWithoutLimit,
  roomNeverAskedFor,
  readingNotResumed,
  pausesBothDirections,
];

export const phrases: Phrases = {
  'client-not-released': 'leave[s] the client waiting when connect() to the upstream fails',
  'handshake-asked-for': 'wait[s] in connect() for an upstream that does not answer',
  'pauses-both-directions': 'stop[s] reading in both directions where only one is full',
  'reading-not-resumed': 'never read[s] on from a socket whose buffer has room again',
  'reads-without-limit': 'read[s] on although the other side takes no bytes, and keep[s] them all',
  'room-never-asked-for': 'do[es] not ask epoll for room when bytes are left to be sent',
  'send-retried-at-once': 'tr[y|ies] a full socket again and again without waiting for room',
  'sent-before-connected': 'send[s] to an upstream before the connection to it stands',
  'sleeps-in-the-loop': 'sleep[s] in the loop while all clients wait',
};
