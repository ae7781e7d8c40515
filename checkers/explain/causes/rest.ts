/** Causes of mistakes with the rest of a partial send(): lost, changed, or sent twice. */

import { crc32 } from 'node:zlib';
import { EPOLL_CTL_DEL, EPOLLOUT } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { handlings } from '../handling.ts';
import { endOf, type History, lifeAt, nextOn, told, toldBriefly } from '../history.ts';

/** Fewer bytes may be equal by chance. */
const SURE_BYTES = 24;

function partials(history: History): Call[] {
  return history.calls.filter(
    ({ call, args, result }) => call === 'send' && result >= 0 && result < Number(args.length),
  );
}

/** Bytes received for a socket between two calls, which a program may have appended to those that waited. */
function arrivedFor(history: History, { fd }: Call, from: Call, to: Call): number {
  const source = lifeAt(history, fd, from)?.partner;
  const recvs = history.calls
    .slice(from.index + 1, to.index)
    .filter(({ call, result }) => call === 'recv' && result > 0);
  if (source === undefined) return recvs.length === 0 ? 0 : NaN;
  return recvs.reduce((sum, recv) => (recv.fd === source.fd ? sum + recv.result : sum), 0);
}

/** Compares the bytes given to a send() with the rest of the partial send() before it. */
export const afterPartial: Rule = ({ history }) => {
  for (const partial of partials(history)) {
    const offered = Number(partial.args.length);
    const left = offered - partial.result;
    const next = nextOn(history, partial, 'send');
    if (next === undefined || partial.result === 0 || next.index >= history.whole) continue;
    const more = arrivedFor(history, partial, partial, next);
    const given = Number(next.args.length);
    const proof = [told(partial), told(next)];
    const again = given === offered + more || (more === 0 && given === left);
    if (again && next.head === partial.head && next.head !== undefined) {
      return {
        id: 'resent-from-start',
        text: `send() took ${partial.result} of ${offered} bytes, and the next one began again at the first byte: those ${partial.result} arrive twice`,
        proof,
        call: next,
        functions: ['sendAll', 'flush'],
      };
    }
    if (more === 0 && given < left && given >= left - 8) {
      return {
        id: 'skips-after-partial',
        text: `send() took ${partial.result} of ${offered} bytes, so ${left} were left; the next one was given ${given} and skipped ${left - given}`,
        proof,
        call: next,
        functions: ['sendAll', 'flush'],
      };
    }
  }
  return undefined;
};

/** send() took all bytes, no new ones arrived, and the program sent the same bytes again. */
export const sentTwice: Rule = ({ history }) => {
  for (const first of history.calls.slice(0, history.whole)) {
    const length = Number(first.args.length);
    if (first.call !== 'send' || first.result !== length || length < SURE_BYTES) continue;
    const again = nextOn(history, first, 'send');
    if (again === undefined || again.index >= history.whole || again.args.length !== length) continue;
    // A server may send two equal answers, and so may a proxy that answers by itself.
    const asked = history.calls.slice(first.index + 1, again.index).some((call) => isAskedBy(first.fd, call));
    if (asked || lifeAt(history, first.fd, first)?.partner === undefined) continue;
    const same = again.crc === undefined ? again.head === first.head : again.crc === first.crc;
    if (!same || first.head === undefined || arrivedFor(history, first, first, again) !== 0) continue;
    return {
      id: 'rest-sent-again',
      text: `the same ${length} bytes were given to send(${first.fd}) twice, although it had taken all of them the first time: the program has to forget bytes once they are sent`,
      proof: [told(first), told(again)],
      call: again,
      functions: ['flush', 'sendSome', 'sendAll'],
    };
  }
  return undefined;
};

/** Whether bytes came from this descriptor. */
function isAskedBy(own: number, { call, fd, result }: Call): boolean {
  return call === 'recv' && fd === own && result > 0;
}

/** The last recv() before a call that brought bytes, on any socket. */
function receivedBefore(history: History, { index }: Call): Call | undefined {
  return history.calls.findLast((call) => call.index < index && call.call === 'recv' && call.result > 0);
}

/** Whether a send() got bytes that arrived after an earlier send() on the socket, instead of that one's rest. */
export function isFresh(history: History, send: Call, before: Call): boolean {
  const recv = receivedBefore(history, send);
  if (recv === undefined || recv.index < before.index || Number(send.args.length) !== recv.result) return false;
  if (recv.fd !== lifeAt(history, send.fd, send)?.partner?.fd) return false;
  // If the trace has no comparison, compare the first bytes.
  return send.offset === undefined ? recv.head?.startsWith(send.head ?? '-') === true : send.offset === 0;
}

/** Whether the program will not send on this socket again: it closed it, or waits without EPOLLOUT. */
function isGivenUp(life: Life): boolean {
  const watch = life.calls.findLast(
    ({ call, result, args }) => call === 'epoll_ctl' && result === 0 && args.operation !== EPOLL_CTL_DEL,
  );
  if (Number(watch?.args.events ?? 0) & EPOLLOUT) return false;
  return life.closed === undefined ? watch !== undefined : endOf(life) === undefined;
}

/** Bytes that send() did not take were never sent again: newer bytes followed, or none. */
export const restForgotten: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'wrong-bytes', 'missing-bytes', 'cut-short', 'takes-too-much')) return undefined;
  for (const { recv, sends, next } of handlings(history)) {
    const last = sends.at(-1);
    const life = last && lifeAt(history, last.fd, last);
    if (last === undefined || life === undefined || next === undefined) continue;
    const full = last.errno === 'EAGAIN';
    const left = Number(last.args.length) - Math.max(0, last.result);
    if (!(full || (last.result >= 0 && left > 0))) continue;
    const later = nextOn(history, last, 'send');
    // Bytes that wait for room, or that are sent together with newer ones, are not forgotten.
    if (later === undefined ? !isGivenUp(life) : !isFresh(history, later, last)) continue;
    return {
      id: full ? 'eagain-drops' : 'partial-send-ignored',
      text: full
        ? `send() said that there is no room at the moment (EAGAIN), and the ${left} bytes that it did not take were never offered again`
        : `send() took ${last.result} of ${last.args.length} bytes, and the other ${left} were never offered again`,
      proof: [
        told(recv),
        told(last),
        later ? `the next on ${last.fd}: ${toldBriefly(later)}` : `no other send(${last.fd}) followed`,
      ],
      call: last,
      functions: ['sendAll', 'keepRest', 'relay'],
    };
  }
  return undefined;
};

/** A partial or failed send(), the recv() after it, and the send() that gets those bytes instead of the rest. */
function bufferReused(first: Call, between: Call, again: Call): Cause {
  return {
    id: 'buffer-reused',
    text: 'bytes that waited to be sent were overwritten: a later recv() wrote into the same buffer',
    proof: [told(first), told(between), `${told(again)}: as many bytes, but others`],
    call: between,
    functions: ['keepRest', 'handleClient', 'handleUpstream'],
  };
}

/** The bytes of a retry have changed: they were a view of a buffer that was reused. */
export const waitingBytesChanged: Rule = ({ history }) => {
  for (const full of history.calls) {
    if (full.call !== 'send' || full.errno !== 'EAGAIN') continue;
    const again = nextOn(history, full, 'send');
    if (again === undefined || again.args.length !== full.args.length || again.head === undefined) continue;
    if (again.head === full.head || full.head === undefined || isFresh(history, again, full)) continue;
    const between = receivedBefore(history, again);
    if (between === undefined || between.index < full.index) continue;
    return bufferReused(full, between, again);
  }
  return undefined;
};

/** The send() calls that retried a rest, until it was sent or other bytes followed. */
function retries(history: History, first: Call): Call[] {
  const all: Call[] = [];
  let left = Number(first.args.length) - Math.max(0, first.result);
  for (let send = nextOn(history, first, 'send'); send && left > 0; send = nextOn(history, send, 'send')) {
    if (Number(send.args.length) !== left || isFresh(history, send, first)) break;
    all.push(send);
    left -= Math.max(0, send.result);
  }
  return all;
}

/** The checksum of two pieces in a row: a checksum is linear in its bytes. */
function joined(one: number, other: number, otherLength: number): number {
  const zeros = Buffer.alloc(otherLength);
  return (crc32(zeros, one) ^ crc32(zeros) ^ other) >>> 0;
}

/** The checksum of all that these calls moved; undefined where the trace does not have it. */
function checksumOf(sends: Call[]): number | undefined {
  return sends
    .filter(({ result }) => result > 0)
    .reduce<number | undefined>(
      (sum, { crc, result }) => (sum === undefined || crc === undefined ? undefined : joined(sum, crc, result)),
      0,
    );
}

/** The retry that sent bytes that had arrived for another side meanwhile. */
function stranger(history: History, again: Call[]): Call | undefined {
  return again.find((send) => {
    const recv = receivedBefore(history, send);
    const known = send.offset !== undefined && send.offset !== -1 && Number(send.args.length) >= SURE_BYTES;
    return known && recv !== undefined && recv.fd !== lifeAt(history, send.fd, send)?.partner?.fd;
  });
}

/** The rest of a partial send() has changed when it is sent: it was a view of a buffer that was reused. */
export const restOverwritten: Rule = ({ history }) => {
  for (const { recv, sends } of handlings(history)) {
    const first = sends.find(({ result, args }) => args.length === recv.result && result < recv.result);
    if (first === undefined || (first.result < 0 && first.errno !== 'EAGAIN')) continue;
    const again = retries(history, first);
    const sent = [first, ...again];
    const moved = sent.reduce((sum, { result }) => sum + Math.max(0, result), 0);
    const sum = moved === recv.result ? checksumOf(sent) : undefined;
    const changed = sum !== undefined && recv.crc !== undefined && sum !== recv.crc ? again.at(-1) : undefined;
    const wrong = stranger(history, again) ?? changed;
    const between = wrong && receivedBefore(history, wrong);
    if (wrong === undefined || between === undefined || between.index <= recv.index) continue;
    return bufferReused(first, between, wrong);
  }
  return undefined;
};

export const phrases: Phrases = {
  'eagain-drops': 'drop[s] the bytes for which send() had no room (EAGAIN)',
  'resent-from-start': 'begin[s] again at the first byte when send() takes only a part',
  'rest-sent-again': 'send[s] what waited once more when all of it is taken',
  'skips-after-partial': 'skip[s] bytes when send() takes only a part',
};
