/** Causes of bytes that arrive changed, at the wrong peer, too many or too few, while nothing blocks. */
import { MSG_PEEK } from '../../../linux/constants.ts';
import { text as messages } from '../../messages/index.ts';
import type { Call } from '../call.ts';
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
    text: messages.causes.relaying.peeks,
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
      text: messages.causes.relaying.answersItself(send.fd),
      proof: [told(found.recv), told(send)],
      call: send,
      functions: ['handleClient'],
    };
  }
  return {
    id: 'sent-back',
    text: messages.causes.relaying.sentBack(found.from.kind),
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
    text: messages.causes.relaying.sentUnasked(first.result, to.kind, to.fd),
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
  const table = send.table === undefined ? '' : messages.causes.relaying.routeTable(tableInWords(send.table));
  const lookUp = recv?.fn === 'handleUpstream' ? 'findMatchingConn' : 'findMatchingUpstream';
  return {
    id: 'no-row-found',
    text: messages.causes.relaying.noRowFound(recv?.fd ?? '?', table),
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
        ? messages.causes.relaying.rowPairGoneStill(stale)
        : messages.causes.relaying.bytesWentWhichBelongs(from.kind, from.fd, stray.fd, to.fd),
      proof: [
        told(recv),
        told(stray),
        ...(stray.table ? [messages.causes.relaying.theRouteTableWas(tableInWords(stray.table))] : []),
      ],
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
      text: messages.causes.relaying.sentMoreThanReceived(recv.result, sent, sent - recv.result),
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
    const skipped = first.offset ? messages.causes.relaying.firstWereSkipped(first.offset) : '';
    return {
      id: 'sent-less-than-received',
      text: messages.causes.relaying.sentLessThanReceived(
        recv.result,
        sent,
        skipped,
        cutAt(none ? recv.head?.slice(0, 2) : first.leftOut),
      ),
      proof: [told(recv), told(first)],
      call: first,
      functions: handlerOf(handling),
    };
  }
  return undefined;
};

function cutAt(leftOut: string | undefined): string {
  if (leftOut === '00') return messages.causes.relaying.firstOneLeftOut;
  if (leftOut === '0a' || leftOut === '0d' || leftOut === '20')
    return messages.causes.relaying.theFirstOneLeftOutIsWhiteSpace;
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
      length === recv.result
        ? messages.causes.relaying.thoughAsManyBytes
        : messages.causes.relaying.bytesCameWereLeave(recv.result, length);
    return {
      id: text ? 'text-conversion' : 'bytes-changed',
      text: text ? messages.causes.relaying.bytesWereTurnedInto : messages.causes.relaying.whatGivenSendNot(how),
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
      text: messages.causes.relaying.bufferReused,
      proof: [told(recv), told(next), messages.causes.relaying.theseWereNoLonger(told(later))],
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
      text: messages.causes.relaying.receivedNotSent(recv.result, from.kind, from.fd),
      proof: [told(recv), messages.causes.relaying.nextCall(waited.call, waited.fd)],
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
