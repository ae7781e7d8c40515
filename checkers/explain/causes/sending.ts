/** Causes of what goes wrong when send() takes only a part, or nothing. */
import { crc32 } from 'node:zlib';
import { text } from '../../messages/index.ts';
import { type Rule, shows } from '../cause.ts';
import { handlings } from '../handling.ts';
import { type Call, type History, lifeAt, told, toldBriefly } from '../history.ts';

/** So often is no chance. */
const MANY = 100;

/** The next call of this kind on the same open descriptor. */
function nextOn(history: History, after: Call, name: string): Call | undefined {
  const life = lifeAt(history, after.fd, after);
  return life?.calls.find(({ call, index }) => call === name && index > after.index);
}

function partials(history: History): Call[] {
  return history.calls.filter(
    ({ call, args, result }) => call === 'send' && result >= 0 && result < Number(args.length),
  );
}

/** What the send after one that took a part was given, against what was left. */
const afterPartial: Rule = ({ history }) => {
  for (const partial of partials(history)) {
    const offered = Number(partial.args.length);
    const left = offered - partial.result;
    const next = nextOn(history, partial, 'send');
    if (next === undefined || partial.result === 0) continue;
    // Bytes of others may have come meanwhile, but none that are to go here.
    const source = lifeAt(history, partial.fd, partial)?.partner;
    const soon = history.calls
      .slice(partial.index + 1, next.index)
      .every(({ call, fd }) => call !== 'recv' || (source !== undefined && fd !== source.fd));
    if (!soon) continue;
    const proof = [told(partial), told(next)];
    const again = next.args.length === offered || next.args.length === left;
    if (again && next.head === partial.head && next.head !== undefined) {
      return {
        id: 'resent-from-start',
        text: text.causes.sending.resentFromStart(partial.result, offered),
        proof,
        call: next,
        functions: ['sendAll', 'flush'],
      };
    }
    if (Number(next.args.length) < left && Number(next.args.length) >= left - 8) {
      return {
        id: 'skips-after-partial',
        text: text.causes.sending.skipsAfterPartial(
          partial.result,
          offered,
          left,
          next.args.length,
          left - Number(next.args.length),
        ),
        proof,
        call: next,
        functions: ['sendAll', 'flush'],
      };
    }
  }
  return undefined;
};

/** -1 is an answer, not a number of bytes. */
export const minusOneAdded: Rule = ({ history, evidence }) => {
  const failed = history.calls.find((send) => {
    if (send.call !== 'send' || send.result !== -1) return false;
    const next = nextOn(history, send, 'send');
    return next !== undefined && Number(next.args.length) === Number(send.args.length) + 1;
  });
  const rangeError = evidence.lastLines.some((line) => /RangeError.*send: length/.test(line));
  const last = history.calls.findLast(({ call }) => call === 'send');
  const call = failed ?? (rangeError && last?.result === -1 ? last : undefined);
  if (call === undefined) return undefined;
  const next = nextOn(history, call, 'send');
  return {
    id: 'minus-one-added',
    text: text.causes.sending.minusOneAdded(call.errno),
    proof: [told(call), ...(next ? [text.causes.sending.cameNextOneByte(toldBriefly(next))] : [])],
    call,
    functions: ['sendAll', 'sendSome', 'relay'],
  };
};

/** A send() that fails for good is called again and again. */
export const sendsForever: Rule = ({ history }) => {
  const failures = new Map<number, { count: number; first: Call }>();
  for (const call of history.calls) {
    if (call.call !== 'send' || call.result !== -1 || call.errno === 'EAGAIN' || call.errno === 'EINTR') continue;
    const entry = failures.get(call.fd) ?? { count: 0, first: call };
    entry.count += 1 + (call.repeats ?? 0);
    failures.set(call.fd, entry);
  }
  const worst = [...failures.values()].find(({ count }) => count > 20);
  if (worst === undefined) return undefined;
  return {
    id: 'send-error-ignored',
    text: text.causes.sending.sendErrorIgnored(worst.first.errno, worst.count.toLocaleString('en-US')),
    proof: [told(worst.first)],
    call: worst.first,
    functions: ['sendAll', 'sendSome', 'relay'],
  };
};

/** Nothing is offered, so nothing is taken, so the loop never gets any further. */
const sendsNothing: Rule = ({ history }) => {
  const empty = history.calls.filter(({ call, args, result }) => call === 'send' && args.length === 0 && result === 0);
  const [first] = empty;
  const count = empty.filter(({ fd }) => fd === first?.fd).reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  if (first === undefined || count < MANY) return undefined;
  return {
    id: 'sends-nothing',
    text: text.causes.sending.sendsNothing(first.fd, count.toLocaleString('en-US')),
    proof: [told(first)],
    call: first,
    functions: ['sendAll', 'sendSome', 'relay'],
  };
};

/** EAGAIN or a part taken: the pair was closed, though nobody had left. */
const fullTakenForBroken: Rule = ({ history }) => {
  for (const send of history.calls) {
    const partial = send.call === 'send' && send.result >= 0 && send.result < Number(send.args.length);
    const full = send.call === 'send' && send.errno === 'EAGAIN';
    if (!partial && !full) continue;
    const following = history.calls[send.index + 1];
    const owner = lifeAt(history, send.fd, send);
    if (following?.call !== 'close' || (following.fd !== send.fd && following.fd !== owner?.partner?.fd)) continue;
    return {
      id: full ? 'eagain-closes' : 'partial-closes',
      text: full
        ? text.causes.sending.sendSaidThereNo
        : text.causes.sending.sendTookBytesProgram(send.result, send.args.length),
      proof: [told(send), told(following)],
      call: send,
      functions: ['sendAll', 'sendSome', 'relay'],
    };
  }
  return undefined;
};

const receiveEagain: Rule = ({ history }) => {
  for (const recv of history.calls) {
    if (recv.call !== 'recv' || recv.errno !== 'EAGAIN') continue;
    const following = history.calls[recv.index + 1];
    const owner = lifeAt(history, recv.fd, recv);
    if (following?.call !== 'close' || (following.fd !== recv.fd && following.fd !== owner?.partner?.fd)) continue;
    return {
      id: 'eagain-closes',
      text: text.causes.sending.eagainCloses,
      proof: [told(recv), told(following)],
      call: recv,
      functions: ['handleClient', 'handleUpstream', 'keepRest'],
    };
  }
  return undefined;
};

/** What send() did not take was never offered again: other bytes came next, or none. */
const restForgotten: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'wrong-bytes', 'missing-bytes', 'cut-short')) return undefined;
  for (const { recv, sends, next } of handlings(history)) {
    const last = sends.at(-1);
    if (last === undefined || next === undefined) continue;
    const full = last.errno === 'EAGAIN';
    const left = Number(last.args.length) - Math.max(0, last.result);
    if (!(full || (last.result >= 0 && left > 0))) continue;
    const later = nextOn(history, last, 'send');
    if (later !== undefined && later.args.length === left) continue;
    return {
      id: full ? 'eagain-drops' : 'partial-send-ignored',
      text: full
        ? text.causes.sending.sendSaidThatThereIsNoRoomAt(left)
        : text.causes.sending.sendTookBytesOther(last.result, last.args.length, left),
      proof: [
        told(recv),
        told(last),
        later
          ? text.causes.sending.theNextOn(last.fd, toldBriefly(later))
          : text.causes.sending.noOtherSendFollowed(last.fd),
      ],
      call: last,
      functions: ['sendAll', 'keepRest', 'relay'],
    };
  }
  return undefined;
};

/** What waited to be sent again is no longer the same: it was a view of a buffer that was used again. */
const waitingBytesChanged: Rule = ({ history }) => {
  for (const full of history.calls) {
    if (full.call !== 'send' || full.errno !== 'EAGAIN') continue;
    const again = nextOn(history, full, 'send');
    if (again === undefined || again.args.length !== full.args.length || again.head === undefined) continue;
    // At offset 0 of what came last stand new bytes, not the ones that waited.
    if (again.head === full.head || full.head === undefined || again.offset === 0) continue;
    const between = history.calls
      .slice(full.index + 1, again.index)
      .find(({ call, result }) => call === 'recv' && result > 0);
    if (between === undefined) continue;
    return {
      id: 'buffer-reused',
      text: text.causes.sending.bufferReused,
      proof: [told(full), told(between), text.causes.sending.asManyBytesBut(told(again))],
      call: between,
      functions: ['handleClient', 'handleUpstream', 'keepRest'],
    };
  }
  return undefined;
};

/** The checksum of what is left of received bytes when the first ones were sent: a checksum is linear in its bytes. */
function checksumOfRest(all: number, sent: number, left: number): number {
  const zeros = Buffer.alloc(left);
  return (all ^ crc32(zeros, sent) ^ crc32(zeros)) >>> 0;
}

/** What waited after a part was taken is no longer the same when it is sent: a view of a buffer that was used again. */
const restOverwritten: Rule = ({ history }) => {
  for (const { recv, sends } of handlings(history)) {
    const partial = sends.find(({ result, args }) => args.length === recv.result && result > 0 && result < recv.result);
    const again = partial && nextOn(history, partial, 'send');
    if (partial?.crc === undefined || recv.crc === undefined || again?.crc === undefined) continue;
    const left = recv.result - partial.result;
    if (again.args.length !== left || again.result !== left) continue;
    if (again.crc === checksumOfRest(recv.crc, partial.crc, left)) continue;
    const between = history.calls
      .slice(partial.index + 1, again.index)
      .findLast(({ call, result }) => call === 'recv' && result > 0);
    if (between === undefined) continue;
    return {
      id: 'buffer-reused',
      text: text.causes.sending.bufferReused,
      proof: [told(partial), told(between), text.causes.sending.asManyBytesBut(told(again))],
      call: between,
      functions: ['keepRest', 'handleClient', 'handleUpstream'],
    };
  }
  return undefined;
};

export const sendingRules: Rule[] = [
  minusOneAdded,
  sendsForever,
  sendsNothing,
  restOverwritten,
  afterPartial,
  fullTakenForBroken,
  receiveEagain,
  waitingBytesChanged,
  restForgotten,
];
