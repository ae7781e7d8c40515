/** Causes of failures when one side closes its connection. */

import { SHUT_RD, SO_LINGER, SOL_SOCKET } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { brokenAt, endOf, type History, lifeAt, told, toldBriefly } from '../history.ts';
import { isWait } from '../waits.ts';

function pairs(history: History): { client: Life; upstream: Life }[] {
  return history.lives.flatMap((life) =>
    life.kind === 'client' && life.partner ? [{ client: life, upstream: life.partner }] : [],
  );
}

const WHO = {
  client: 'the client',
  upstream: 'the upstream',
  listener: '',
  epoll: '',
  socket: '',
};

/** Where a program gave up a socket: it closed it, or shut its sending direction down. */
function letGo({ calls, closed }: Life): Call[] {
  const shut = calls.find(({ call, args }) => call === 'shutdown' && args.how !== SHUT_RD);
  return [...(closed ? [closed] : []), ...(shut ? [shut] : [])];
}

/** A pair was closed before either side had been read to its end. */
export const closedBeforeEnd: Rule = (facts) => {
  if (
    !shows(
      facts,
      'cut-short',
      'client-dropped',
      'missing-bytes',
      'too-few-upstream-connections',
      'client-not-closed',
      'stopped',
    )
  )
    return undefined;
  // The idle timeout closes some pairs there, as it should; other rules handle those that stay.
  if (facts.checkId === 'idle-timeout' && shows(facts, 'client-not-closed')) return undefined;
  for (const { client, upstream } of pairs(facts.history)) {
    const first = [client, upstream].flatMap(letGo).sort((a, b) => a.index - b.index)[0];
    if (first === undefined) continue;
    const ended = [client, upstream]
      .flatMap((life) => [endOf(life), brokenAt(facts.history, life)])
      .some((end) => end !== undefined && end.index < first.index);
    if (ended) continue;
    const twice = closedTwice(facts.history, first);
    if (twice) return twice;
    const cause = becauseOfAnother(facts.history, first);
    if (cause) return cause;
    const before = facts.history.calls[first.index - 1];
    return {
      id: 'closed-before-end',
      text: `the pair [${client.fd}, ${upstream.fd}] was closed before either side had been read to its end: no recv() on it had returned 0 or failed`,
      proof: [...(before ? [told(before)] : []), told(first)],
      call: first,
      functions: ['handleClient', 'handleUpstream'],
    };
  }
  return undefined;
};

/** A close() that hit a new client's socket, with any consequence. */
export const doubleClose: Rule = ({ history }) => {
  for (const { client, upstream } of pairs(history)) {
    for (const { closed } of [client, upstream]) {
      const ended = [endOf(client), endOf(upstream)].some(
        (end) => end !== undefined && closed && end.index < closed.index,
      );
      const cause = closed && !ended ? closedTwice(history, closed) : undefined;
      if (cause) return cause;
    }
  }
  // Closed before it had a partner: certain only if a neighbouring close() failed with EBADF.
  for (const { kind, partner, closed } of history.lives) {
    if (kind !== 'client' || partner || !closed || !isRepeated(history, closed)) continue;
    const cause = closedTwice(history, closed);
    if (cause) return cause;
  }
  return undefined;
};

/** Whether a close() next to this one failed, because its descriptor was closed already. */
function isRepeated(history: History, close: Call): boolean {
  return history.calls
    .slice(Math.max(0, close.index - 3), close.index + 4)
    .some(({ call, fd, errno }) => call === 'close' && errno === 'EBADF' && fd !== close.fd);
}

/** The descriptor was closed, reused for a new connection, and closed again. */
function closedTwice(history: History, close: Call): Cause | undefined {
  const before = history.lives.findLast(
    (life) => life.fd === close.fd && life.closed && life.closed.index < close.index,
  );
  const repeated = isRepeated(history, close);
  if (before?.closed === undefined || (!repeated && before.closed.line === close.line)) return undefined;
  return {
    id: 'closed-twice',
    text: `descriptor ${close.fd} was closed, given by the kernel to a new connection, and closed once more`,
    proof: [told(before.closed), told(close)],
    call: close,
    functions: ['closePair'],
  };
}

/** Another connection had just ended: the program closed the wrong pair. */
function becauseOfAnother(history: History, close: Call): Cause | undefined {
  const wait = history.calls.findLast(({ call, index }) => isWait(call) && index < close.index);
  const end = history.calls
    .slice(wait?.index ?? 0, close.index)
    .findLast(({ call, result, args }) => call === 'recv' && result <= 0 && args.length !== 0);
  if (end === undefined || end.errno === 'EAGAIN') return undefined;
  const life = lifeAt(history, end.fd, end);
  if (life === undefined || life.fd === close.fd || life.partner?.fd === close.fd) return undefined;
  return {
    id: 'closed-wrong-pair',
    text: `${end.fd} had ended, and ${close.fd}, which belongs to another pair, was closed for it`,
    proof: [told(end), told(close)],
    call: close,
    functions: ['closePair'],
  };
}

/** One side ended, and the calls on the two sockets after that show the cause. */
export const badEnding: Rule = (facts) => {
  if (!shows(facts, 'upstream-not-closed', 'client-not-closed', 'sockets-left', 'busy', 'missing-bytes'))
    return undefined;
  for (const { client, upstream } of pairs(facts.history)) {
    for (const [side, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      const end = endOf(side) ?? brokenAt(facts.history, side);
      if (end === undefined || (end.call === 'send' && !side.closed)) continue;
      if (endOf(other) && (endOf(other)?.index ?? 0) < end.index) continue;
      const cause = endingOf(facts.history, side, other, end);
      if (cause) return cause;
    }
  }
  return undefined;
};

/** This many times is no coincidence. */
const MANY = 20;

/** epoll_wait() returns for the same socket over and over: it belongs to no pair any more, since its partner was closed. */
export const leftBehind: Rule = ({ history }) => {
  const spin = history.calls.findLast(({ events }) => events !== undefined && events.length > 0);
  for (const { fd } of spin?.events ?? []) {
    const other = history.lives.findLast((life) => life.fd === fd && !life.closed);
    const side = other?.partner;
    const end = side && (endOf(side) ?? brokenAt(history, side));
    const since = side?.closed?.index;
    if (other === undefined || side === undefined || end === undefined || since === undefined) continue;
    if (other.calls.some(({ index }) => index > since)) continue;
    const reports = history.calls.filter(({ events, index }) => index > since && events?.some((one) => one.fd === fd));
    const count = reports.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
    const cause = count < MANY ? undefined : endingOf(history, side, other, end);
    if (cause) return cause;
  }
  return undefined;
};

function howEnded({ call, result, errno }: Call): string {
  if (isWait(call)) return `${call}() reported that its connection was broken`;
  return result === 0 ? 'recv() returned 0' : `${call}() failed with ${errno}`;
}

function endingOf(history: History, side: Life, other: Life, end: Call): Cause | undefined {
  if (side.closed && other.closed) return undefined;
  const how = howEnded(end);
  const shutdowns = [...side.calls, ...other.calls].filter(
    ({ call, index }) => call === 'shutdown' && index > end.index,
  );
  if (!side.closed && !other.closed) {
    const [shut] = shutdowns;
    const wrong = wrongClose(history, side, other, end);
    if (wrong) return wrong;
    return {
      id: shut ? 'shutdown-without-close' : 'end-ignored',
      text: shut
        ? `${WHO[side.kind]} on ${side.fd} ended, and the sockets were shut down but never closed: the descriptors stay taken`
        : `${WHO[side.kind]} on ${side.fd} ended (${how}), and neither its socket nor its partner ${other.fd} was closed`,
      proof: [told(end), ...(shut ? [told(shut)] : [`no close(${side.fd}) and no close(${other.fd}) followed`])],
      call: end,
      functions: [side.kind === 'client' ? 'handleClient' : 'handleUpstream', 'closePair'],
    };
  }
  const [open, closed] = side.closed ? [other, side] : [side, other];
  const shut = shutdowns.find(({ fd }) => fd === open.fd);
  const direction = shut?.args.how === SHUT_RD ? `; shutdown(${open.fd}, SHUT_RD) tells the other end nothing` : '';
  return {
    id: open === other ? 'partner-not-closed' : 'ended-side-not-closed',
    text:
      open === other
        ? `${WHO[side.kind]} ended (${how}) and its socket ${closed.fd} was closed, but not its partner ${open.fd}: ${WHO[other.kind]} never learns of it${direction}`
        : `${WHO[side.kind]} ended (${how}) and its partner ${closed.fd} was closed, but not its own socket ${open.fd}: each connection leaves one descriptor behind`,
    proof: [told(end), ...(closed.closed ? [told(closed.closed)] : []), `no close(${open.fd}) followed`],
    call: end,
    functions: ['closePair'],
  };
}

/** The program closed neither of the two, but another connection, at once. */
function wrongClose(history: History, side: Life, other: Life, end: Call): Cause | undefined {
  const after = history.calls.slice(end.index + 1);
  const until = after.findIndex(({ call }) => isWait(call));
  const close = after
    .slice(0, until === -1 ? undefined : until)
    .find(({ call, fd }) => call === 'close' && fd !== side.fd && fd !== other.fd);
  if (close === undefined) return undefined;
  return {
    id: 'closed-wrong-pair',
    text: `${side.fd} had ended, and ${close.fd}, which does not belong to it, was closed for it`,
    proof: [told(end), told(close)],
    call: close,
    functions: ['closePair', 'findMatchingUpstream', 'findMatchingConn'],
  };
}

/** A row that existed at most this many calls ago vanished with this close(), not before. */
const RECENT = 4;

/** The row of an open pair vanished from the route table when another pair ended. */
export const liveRowRemoved: Rule = ({ history }) => {
  for (const close of history.calls) {
    if (close.call !== 'close' || close.table === undefined) continue;
    const closing = lifeAt(history, close.fd, close);
    const own = closing?.partner?.fd ?? -1;
    // Other rules handle a pair without a row.
    const knew = tablesBefore(history, close).some((table) => hasRow(table, close.fd, own));
    if (!knew) continue;
    const there = pairs(history).find(({ client, upstream }) => {
      if (client === closing || upstream === closing || client.opened.index > close.index) return false;
      const open = [client, upstream].every(({ closed }) => closed === undefined || closed.index > close.index + 2);
      const attached = upstream.calls.some(({ call, index }) => call === 'epoll_ctl' && index < close.index);
      const had = tablesBefore(history, close).some((table) => hasRow(table, client.fd, upstream.fd));
      return open && attached && had && !hasRow(close.table, client.fd, upstream.fd);
    });
    if (there === undefined) continue;
    return {
      id: 'live-row-removed',
      text: `when ${close.fd} was closed, the row [${there.client.fd}, ${there.upstream.fd}] had gone from the route table too, though that pair is still there`,
      proof: [told(close)],
      call: close,
      functions: ['closePair'],
    };
  }
  return undefined;
};

function tablesBefore(history: History, close: Call): (number[][] | undefined)[] {
  return history.calls.slice(Math.max(0, close.index - RECENT), close.index).map(({ table }) => table);
}

function hasRow(table: number[][] | undefined, one: number, other: number): boolean {
  return table?.some((row) => Array.isArray(row) && row.includes(one) && row.includes(other)) ?? false;
}

/** Rows of closed pairs fill the table. */
export const rowsKept: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'wrong-connection', 'crossed', 'sockets-left', 'cut-short', 'missing-bytes')) return undefined;
  const last = history.calls.at(-1);
  const open = pairs(history).filter(({ client, upstream }) => !client.closed || !upstream.closed).length;
  const rows = last?.table?.length ?? 0;
  if (last === undefined || rows <= open + 8) return undefined;
  const close = history.calls.findLast(({ call }) => call === 'close');
  return {
    id: 'row-not-removed',
    text: `the rows of pairs that have ended stay in the route table: it has ${rows} rows for ${open} pairs`,
    proof: close ? [`still so after ${toldBriefly(close)}`] : [],
    ...(close && { call: close }),
    functions: ['closePair'],
  };
};

/** A close() that resets is no FIN: the other side loses bytes that it has not read yet. */
export const resetOnClose: Rule = (facts) => {
  if (!shows(facts, 'cut-short')) return undefined;
  const { calls } = facts.history;
  const set = calls.findLast(
    ({ call, args, result }) =>
      call === 'setsockopt' &&
      result === 0 &&
      args.level === SOL_SOCKET &&
      args.option === SO_LINGER &&
      args.value !== 0 &&
      args.seconds === 0,
  );
  const close = set && calls.find(({ call, fd, index }) => call === 'close' && fd === set.fd && index > set.index);
  if (set === undefined || close === undefined) return undefined;
  return {
    id: 'reset-on-close',
    text: `SO_LINGER with a time of 0 was set on ${set.fd}: its close() throws away what is still on the way and resets the connection (RST)`,
    proof: [toldBriefly(set), told(close)],
    call: close,
    functions: ['closePair'],
  };
};

export const closingRules: Rule[] = [liveRowRemoved, closedBeforeEnd, badEnding, rowsKept];

export const phrases: Phrases = {
  'closed-before-end': 'close[s] a connection before either side has ended',
  'closed-twice': 'close[s] a descriptor twice, and so another connection',
  'closed-wrong-pair': 'close[s] a socket of another pair',
  'ended-side-not-closed': 'close[s] only the partner of a socket that has ended',
  'live-row-removed': 'remove[s] the row of a pair that is still there',
  'partner-not-closed': 'close[s] the side that ended, but not its partner',
  'reset-on-close': 'reset[s] connections when closing them, so that what is on the way is lost',
};
