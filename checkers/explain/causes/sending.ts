/** Causes of failures after a partial send(), or one that took nothing. */

import type { Call } from '../call.ts';
import type { Phrases, Rule } from '../cause.ts';
import { lifeAt, nextOn, told, toldBriefly } from '../history.ts';
import { afterPartial, restForgotten, restOverwritten, sentTwice, waitingBytesChanged } from './rest.ts';

/** This many times is no coincidence. */
const MANY = 100;

/** The program used the -1 of send() as a number of bytes. */
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
    text: `send() failed with ${call.errno}, and its -1 was added to the number of bytes written`,
    proof: [told(call), ...(next ? [`${toldBriefly(next)} came next: one byte more than before`] : [])],
    call,
    functions: ['sendAll', 'sendSome', 'relay'],
  };
};

/** The program repeats a send() that fails for good. */
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
    text: `send() failed with ${worst.first.errno} and was called again and again, ${worst.count.toLocaleString('en-US')} times: the connection takes no more bytes`,
    proof: [told(worst.first)],
    call: worst.first,
    functions: ['sendAll', 'sendSome', 'relay'],
  };
};

/** The program calls send() or write() with 0 bytes, so its loop makes no progress. */
export const sendsNothing: Rule = ({ history }) => {
  const empty = history.calls.filter(
    ({ call, args, result }) => (call === 'send' || call === 'write') && args.length === 0 && result === 0,
  );
  const [first] = empty;
  const count = empty.filter(({ fd }) => fd === first?.fd).reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  if (first === undefined || count < MANY) return undefined;
  const times = count.toLocaleString('en-US');
  return {
    id: 'sends-nothing',
    text:
      first.call === 'send'
        ? `send(${first.fd}) was offered 0 bytes again and again, ${times} times: it takes none, so the loop around it never ends`
        : `write(${first.fd}) was offered 0 bytes again and again, ${times} times: it takes none, so the loop around it never ends`,
    proof: [told(first)],
    call: first,
    functions: first.call === 'send' ? ['sendAll', 'sendSome', 'relay'] : ['printAnswer'],
  };
};

/** After EAGAIN or a partial send, the program closed a pair that both sides had left open. */
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
        ? 'send() had no room at the moment (EAGAIN), and the program closed the connection'
        : `send() took ${send.result} of ${send.args.length} bytes, and the program closed the connection`,
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
      text: 'recv() had no bytes at the moment (EAGAIN), and the program closed the connection',
      proof: [told(recv), told(following)],
      call: recv,
      functions: ['handleClient', 'handleUpstream', 'keepRest'],
    };
  }
  return undefined;
};

export const sendingRules: Rule[] = [
  minusOneAdded,
  sendsForever,
  sendsNothing,
  restOverwritten,
  sentTwice,
  afterPartial,
  fullTakenForBroken,
  receiveEagain,
  waitingBytesChanged,
  restForgotten,
];

export const phrases: Phrases = {
  'eagain-closes': 'take[s] EAGAIN for an error and close[s] the connection',
  'minus-one-added': 'add[s] the -1 of a failed send() to the bytes written',
  'partial-closes': 'close[s] the connection when send() takes only a part',
  'send-error-ignored': 'call[s] send() again and again after it failed',
  'sends-nothing': 'offer[s] send() no bytes, for ever',
};
