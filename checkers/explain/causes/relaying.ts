/** Causes of bytes that arrive changed, at the wrong peer, too many or too few, while nothing blocks. */

import { MSG_PEEK } from '../../../linux/constants.ts';
import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { bytesSent, type Handling, handlings } from '../handling.ts';
import { type History, lifeAt, told } from '../history.ts';
import { firstBytes, REPLACEMENT } from '../talk.ts';
import { isWait } from '../waits.ts';

const RELAY = ['handleClient', 'handleUpstream'];

/** The handler's name if the trace has it, else both. */
function handlerOf({ recv, from }: Handling): string[] {
  return recv.fn !== undefined && RELAY.includes(recv.fn)
    ? [recv.fn]
    : [from.kind === 'client' ? 'handleClient' : 'handleUpstream'];
}

const peeks: Rule = ({ history }) => {
  const recv = history.calls.find(
    ({ call, args, result }) => call === 'recv' && Number(args.flags) & MSG_PEEK && result > 0,
  );
  // MSG_PEEK before the read is no mistake.
  if (recv === undefined || reads(history, recv)) return undefined;
  return {
    id: 'peeks',
    text: 'recv() was called with MSG_PEEK, which leaves the bytes where they are: the same bytes come again and again',
    proof: [told(recv)],
    call: recv,
    functions: RELAY,
  };
};

/** Whether peeked bytes were read later. */
function reads(history: History, { index, fd }: Call): boolean {
  return history.calls.some(
    (call) =>
      call.call === 'recv' &&
      call.fd === fd &&
      call.index > index &&
      call.result > 0 &&
      !(Number(call.args.flags) & MSG_PEEK),
  );
}

const sentBack: Rule = ({ history }) => {
  const found = handlings(history).find(
    ({ recv, sends, alone }) => alone && sends.length > 0 && sends.every(({ fd }) => fd === recv.fd),
  );
  const send = found?.sends[0];
  if (found === undefined || send === undefined) return undefined;
  // Changed bytes that go back may still be an echo; after bytes went the right way, they are an answer.
  if (found.from.kind === 'client' && send.offset === -1 && passedOnBefore(history, found)) {
    return {
      id: 'answers-itself',
      text: `the program answered the client on ${send.fd} itself: what it sent is not what had come, and the upstream was not asked`,
      proof: [told(found.recv), told(send)],
      call: send,
      functions: ['handleClient'],
    };
  }
  return {
    id: 'sent-back',
    text: `the bytes went back to the ${found.from.kind} that they came from`,
    proof: [told(found.recv), told(send)],
    call: send,
    functions: [...handlerOf(found), found.from.kind === 'client' ? 'findMatchingUpstream' : 'findMatchingConn'],
  };
};

function passedOnBefore(history: History, { recv, from }: Handling): boolean {
  return handlings(history).some(
    (other) =>
      other.recv.index < recv.index &&
      other.from.kind === from.kind &&
      other.sends.some(({ fd, offset }) => fd === other.to?.fd && offset === 0),
  );
}

/** Bytes to one side of a pair before either side has sent any. */
const sentUnasked: Rule = ({ history }) => {
  const first = history.calls.find(({ call, result }) => (call === 'send' || call === 'recv') && result > 0);
  const to = first?.call === 'send' ? lifeAt(history, first.fd, first) : undefined;
  if (first === undefined || (to?.kind !== 'client' && to?.kind !== 'upstream')) return undefined;
  return {
    id: 'sent-unasked',
    text: `${first.result} bytes were sent to the ${to.kind} on ${to.fd} before any bytes had come: a proxy sends no bytes of its own`,
    proof: [told(first)],
    call: first,
    functions: first.fn === undefined ? RELAY : [first.fn],
  };
};

/** The look-up found no row, and the program used its -1 as a descriptor. */
export const noRow: Rule = ({ history }) => {
  const send = history.calls.find(({ call, fd }) => call === 'send' && fd === -1);
  if (send === undefined) return undefined;
  const recv = history.calls.findLast(({ call, index, result }) => call === 'recv' && index < send.index && result > 0);
  const table = send.table === undefined ? '' : ` The route table was ${tableInWords(send.table)}.`;
  const lookUp = recv?.fn === 'handleUpstream' ? 'findMatchingConn' : 'findMatchingUpstream';
  return {
    id: 'no-row-found',
    text: `the look-up in the route table found no partner for descriptor ${recv?.fd ?? '?'}, and the -1 was used as a socket.${table}`,
    proof: [...(recv ? [told(recv)] : []), told(send)],
    call: send,
    functions: [lookUp, 'acceptConnection'],
  };
};

function tableInWords(table: number[][]): string {
  if (table.length === 0) return 'empty';
  const rows = table.slice(0, 6).map((row) => `[${Array.isArray(row) ? row.join(', ') : row}]`);
  return `${rows.join(' ')}${table.length > 6 ? ' …' : ''}`;
}

const wrongSocket: Rule = ({ history }) => {
  for (const handling of handlings(history)) {
    const { recv, from, to, sends } = handling;
    // Bytes that were not just received are older ones that waited for that socket.
    const stray = sends.find(
      ({ fd, result, offset }) => fd !== to?.fd && fd !== recv.fd && fd !== -1 && result >= 0 && offset !== -1,
    );
    const owner = stray && lifeAt(history, stray.fd, stray);
    if (stray === undefined || owner === undefined || to === undefined || !handling.alone) continue;
    const stale = staleRow(stray, recv.fd, stray.fd);
    return {
      id: stale ? 'stale-row' : 'sent-to-wrong-socket',
      text: stale
        ? `the row [${stale}] of a closed pair is still in the route table, and was found first`
        : `bytes of the ${from.kind} on ${from.fd} went to ${stray.fd}, which belongs to another pair; its own partner is ${to.fd}`,
      proof: [told(recv), told(stray), ...(stray.table ? [`the route table was ${tableInWords(stray.table)}`] : [])],
      call: stray,
      functions: stale ? ['closePair'] : [from.kind === 'client' ? 'findMatchingUpstream' : 'findMatchingConn'],
    };
  }
  return undefined;
};

/** Two rows with the same socket: the first one is stale. */
function staleRow({ table }: Call, from: number, to: number): string | undefined {
  const rows = table?.filter((row) => Array.isArray(row) && row.includes(from)) ?? [];
  return rows.length > 1 && rows[0]?.includes(to) ? rows[0].join(', ') : undefined;
}

const sentMore: Rule = ({ history }) => {
  for (const handling of handlings(history)) {
    const { recv, sends } = handling;
    const [send] = sends;
    const sent = send?.beyond ? Number(send.args.length) : bytesSent(sends);
    // All received bytes were sent, and then other bytes followed.
    const more = sends.length === 2 && send?.offset === 0 && send.result === recv.result;
    const same = sends.every(({ fd, fn }) => fd === handling.to?.fd && fn !== 'loopRun');
    if (send === undefined || !(send.beyond || more) || !same || !handling.alone || sent <= recv.result) continue;
    return {
      id: 'sent-more-than-received',
      text: `recv() returned ${recv.result} bytes, and send() was given ${sent}: ${sent - recv.result} more than came`,
      proof: [told(recv), ...sends.slice(0, 2).map(told)],
      call: send,
      functions: handlerOf(handling),
    };
  }
  return undefined;
};

/** The program sent fewer bytes than it received, and never the others, although there was room. */
const sentLess: Rule = ({ history }) => {
  for (const handling of handlings(history)) {
    const { recv, sends, done } = handling;
    const [first] = sends;
    if (first === undefined || !done || sends.some(({ result, args }) => result !== args.length)) continue;
    const sent = bytesSent(sends);
    if (!handling.alone) continue;
    const none = first.args.length === 0;
    if (sent >= recv.result || (!none && (first.offset === undefined || first.offset === -1))) continue;
    const skipped = first.offset ? `; the first ${first.offset} were skipped` : '';
    return {
      id: 'sent-less-than-received',
      text: `recv() returned ${recv.result} bytes, and only ${sent} of them were offered to send()${skipped}${cutAt(none ? recv.head?.slice(0, 2) : first.leftOut)}`,
      proof: [told(recv), told(first)],
      call: first,
      functions: handlerOf(handling),
    };
  }
  return undefined;
};

function cutAt(leftOut: string | undefined): string {
  if (leftOut === '00') return '; the first one left out is a NUL (00): bytes are not a C string';
  if (leftOut === '0a' || leftOut === '0d' || leftOut === '20') return '; the first one left out is white space';
  return '';
}

/** After a partial send(), the next bytes sent may be older than the last recv(). */
function queuedBefore({ calls }: History, send: Call): boolean {
  return calls.some(
    ({ call, fd, index, result, args }) =>
      call === 'send' && fd === send.fd && index < send.index && result !== args.length,
  );
}

const bytesChanged: Rule = ({ history, evidence }) => {
  for (const handling of handlings(history)) {
    const { recv, sends, done } = handling;
    const [send] = sends;
    if (send?.offset !== -1 || !done || !handling.alone || send.fd !== handling.to?.fd || queuedBefore(history, send))
      continue;
    const text = [send.head ?? '', evidence.difference?.observed.toString('hex') ?? ''].some((hex) =>
      hex.includes(REPLACEMENT),
    );
    const length = Number(send.args.length);
    const how =
      length === recv.result ? 'though as many bytes' : `${recv.result} bytes came and ${length} were to be sent`;
    return {
      id: text ? 'text-conversion' : 'bytes-changed',
      text: text
        ? 'the bytes were turned into a string and back on their way; what is not UTF-8 became ef bf bd'
        : `send() was given other bytes than recv() had returned: ${how}`,
      proof: [`${told(recv)}: ${firstBytes(recv)}`, `${told(send)}: ${firstBytes(send)}`],
      call: send,
      functions: handlerOf(handling),
    };
  }
  return undefined;
};

/** Received bytes were overwritten by others before they were sent. */
const bufferReused: Rule = ({ history }) => {
  const all = handlings(history);
  for (const [position, { recv, sends, next, to }] of all.entries()) {
    const following = all[position + 1];
    if (sends.length > 0 || next === undefined || following?.recv !== next || to === undefined) continue;
    const later = history.calls.find(
      ({ call, fd, index, args }) =>
        call === 'send' && fd === to.fd && index > next.index && args.length === recv.result,
    );
    if (later?.crc === undefined || later.crc === recv.crc) continue;
    return {
      id: 'buffer-reused',
      text: 'bytes that waited to be sent were overwritten: the next recv() wrote into the same buffer',
      proof: [told(recv), told(next), `${told(later)}, and these were no longer the bytes that had come`],
      call: next,
      functions: RELAY,
    };
  }
  return undefined;
};

const notSent: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'missing-bytes', 'cut-short', 'wrong-bytes', 'crossed')) return undefined;
  for (const handling of handlings(history)) {
    const { recv, from, to, sends, next, after } = handling;
    const waited = next ?? (isWait(history.unfinished?.call) ? history.unfinished : undefined);
    if (sends.length > 0 || waited === undefined || to === undefined || after.some(({ call }) => call === 'close'))
      continue;
    // Keeping bytes is no mistake, as long as they are sent later.
    if (history.calls.some(({ call, fd, index }) => call === 'send' && fd === to.fd && index > recv.index)) continue;
    return {
      id: 'received-not-sent',
      text: `${recv.result} bytes came from the ${from.kind} on ${from.fd}, and no send() followed before the program waited for the next event`,
      proof: [told(recv), `the next call was ${waited.call}(${waited.fd})`],
      call: recv,
      functions: handlerOf(handling),
    };
  }
  return undefined;
};

export const relayingRules: Rule[] = [
  peeks,
  sentUnasked,
  noRow,
  sentBack,
  wrongSocket,
  sentMore,
  bufferReused,
  bytesChanged,
  sentLess,
  notSent,
];

export const phrases: Phrases = {
  'answers-itself': 'answer[s] clients without asking the upstream',
  'buffer-reused': 'overwrite[s] bytes that still wait to be sent',
  'no-row-found': 'look[s] up a socket without finding its partner, and use[s] the -1',
  peeks: 'receive[s] with MSG_PEEK, so that the same bytes come again',
  'sent-back': 'send[s] the bytes back to the side that they came from',
  'sent-less-than-received': 'send[s] fewer bytes than came',
  'sent-to-wrong-socket': 'send[s] bytes to a socket of another pair',
  'sent-unasked': 'send[s] bytes that no peer has sent',
  'stale-row': 'find[s] the row of a pair that is gone, and use[s] it',
};
