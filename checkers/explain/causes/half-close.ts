/** Causes of ends that are not passed on, or passed on wrongly. Only for checks about ends. */

import { EPOLLERR, SHUT_RD, SHUT_RDWR, SO_LINGER } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { brokenAt, type History, told } from '../history.ts';
import { isWait } from '../waits.ts';

/** A stream ends once. A program may read the end twice, but not this often. */
const MANY = 20;

/** Both sockets of every pair, each with its partner. */
function sides(history: History): { own: Life; partner: Life }[] {
  return history.lives.flatMap((life) => (life.partner ? [{ own: life, partner: life.partner }] : []));
}

function endOfStream({ fd: own, calls }: Life): Call | undefined {
  return calls.find(({ call, fd, result, args }) => {
    return fd === own && result === 0 && ((call === 'recv' && args.length !== 0) || call === 'splice');
  });
}

function waitsBetween({ calls }: History, from: Call, to: Call): boolean {
  return calls.slice(from.index, to.index).some(({ call }) => isWait(call));
}

const checksOfEnds = [
  'client-finishes',
  'upstream-finishes',
  'both-finish',
  'slow-last-bytes',
  'finish-behind-bulk',
  'drain',
];

const halfCloseCloses: Rule = ({ history, checkId }) => {
  if (!checksOfEnds.includes(checkId)) return undefined;
  for (const { own, partner } of sides(history)) {
    const end = endOfStream(own);
    if (end === undefined || partner.closed === undefined || endOfStream(partner) !== undefined) continue;
    const shut = partner.calls.find(({ call, index }) => call === 'shutdown' && index > end.index);
    if (partner.closed.index < end.index || (shut && waitsBetween(history, shut, partner.closed))) continue;
    return {
      id: 'half-close-closes',
      text: `recv(${own.fd}) returned 0 (this side has finished sending), and the program closed both sockets: bytes that the other side still had to send are lost`,
      proof: [told(end), told(partner.closed)],
      call: partner.closed,
      functions: ['relay', 'endStream'],
    };
  }
  return undefined;
};

/** SHUT_RD sends nothing, and SHUT_RDWR closes too much: SHUT_WR passes an end on. */
const shutWrongWay: Rule = ({ history, checkId }) => {
  if (!checksOfEnds.includes(checkId)) return undefined;
  for (const { own, partner } of sides(history)) {
    const end = endOfStream(own);
    const shut = partner.calls.find(({ call, index }) => call === 'shutdown' && index > (end?.index ?? Infinity));
    const both = shut?.args.how === SHUT_RDWR;
    if (end === undefined || shut === undefined || !(both || shut.args.how === SHUT_RD)) continue;
    if ((endOfStream(partner)?.index ?? Infinity) < shut.index) continue;
    return {
      id: 'shut-wrong-way',
      text: both
        ? `recv(${own.fd}) returned 0, and shutdown(${partner.fd}, SHUT_RDWR) followed: bytes that the other side still had to send are lost; SHUT_WR ends one direction only`
        : `recv(${own.fd}) returned 0, and shutdown(${partner.fd}, SHUT_RD) followed, which ends reading from ${partner.fd} and tells its other end nothing; SHUT_WR passes an end on`,
      proof: [told(end), told(shut)],
      call: shut,
      functions: ['endStream'],
    };
  }
  return undefined;
};

/** A side that has finished sending still waits for the answer: the proxy must not send its FIN there yet. */
const endGivenBack: Rule = (facts) => {
  if (!checksOfEnds.includes(facts.checkId) || !shows(facts, 'missing-bytes', 'cut-short')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const end = endOfStream(own);
    const shut = own.calls.find(({ call, index }) => call === 'shutdown' && index > (end?.index ?? Infinity));
    if (end === undefined || shut === undefined || shut.args.how === SHUT_RD) continue;
    // Later the cause may be the partner's end, read or not.
    if (waitsBetween(facts.history, end, shut)) continue;
    if ((endOfStream(partner)?.index ?? Infinity) < shut.index) continue;
    return {
      id: 'shut-wrong-way',
      text: `recv(${own.fd}) returned 0, and shutdown(${own.fd}) followed on the same socket: its other end has finished sending, and still waits for the answer`,
      proof: [told(end), told(shut)],
      call: shut,
      functions: ['endStream'],
    };
  }
  return undefined;
};

const endNotPassedOn: Rule = (facts) => {
  if (!checksOfEnds.includes(facts.checkId) || !shows(facts, 'upstream-not-closed', 'client-not-closed'))
    return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const end = endOfStream(own);
    if (end === undefined || partner.closed || partner.calls.some(({ call }) => call === 'shutdown')) continue;
    return {
      id: 'end-not-passed-on',
      text: `recv(${own.fd}) returned 0, and the other side, ${partner.fd}, was not told: it waits for an end that does not come`,
      proof: [told(end), `no shutdown(${partner.fd}) followed`],
      call: end,
      functions: ['endStream', 'movePages'],
    };
  }
  return undefined;
};

/** How many bytes of a send() still wait; undefined: unknown, because they are in a pipe; 0: none. */
function leftOf({ call, args, result, errno }: Call): number | undefined {
  if (result < 0 && errno !== 'EAGAIN') return 0;
  if (call === 'splice') return errno === 'EAGAIN' ? undefined : 0;
  return Number(args.length) - Math.max(0, result);
}

/** A FIN follows the bytes that send() has taken. Bytes that it has not taken come too late. */
const endBeforeRest: Rule = (facts) => {
  if (!shows(facts, 'cut-short', 'missing-bytes', 'wrong-bytes')) return undefined;
  for (const { own } of sides(facts.history)) {
    const shut = own.calls.find(({ call, args }) => call === 'shutdown' && args.how !== SHUT_RD);
    const isOut = ({ call, args }: Call): boolean => call === 'send' || (call === 'splice' && args.to === own.fd);
    const send = own.calls.findLast((call) => isOut(call) && call.index < (shut?.index ?? 0));
    if (shut === undefined || send === undefined) continue;
    const left = leftOf(send);
    if (left === 0) continue;
    return {
      id: 'end-before-rest',
      text: `shutdown(${own.fd}) ended the stream while ${left === undefined ? 'bytes' : `${left} bytes`} still waited to be sent there: after that the socket takes none`,
      proof: [told(send), told(shut)],
      call: shut,
      functions: ['endStream', 'wantedEvents'],
    };
  }
  return undefined;
};

/** Bytes that send() has not taken are lost when the program closes the pair after the end of one side. */
const closedBeforeRest: Rule = (facts) => {
  if (!shows(facts, 'cut-short', 'missing-bytes', 'wrong-bytes')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const { closed } = own;
    const end = endOfStream(partner);
    if (closed === undefined || end === undefined || end.index > closed.index) continue;
    if (own.calls.some(({ call }) => call === 'shutdown' || call === 'splice')) continue;
    const send = own.calls.findLast(({ call, index }) => call === 'send' && index < closed.index);
    const left = send && leftOf(send);
    if (send === undefined || !left) continue;
    return {
      id: 'end-before-rest',
      text: `${own.fd} was closed when its partner had ended, while ${left} bytes or more still waited to be sent there: they are lost`,
      proof: [told(send), told(end), told(closed)],
      call: closed,
      functions: ['relay', 'closePair'],
    };
  }
  return undefined;
};

const endReadAgain: Rule = ({ history }) => {
  // A program that passes no end on has an earlier mistake.
  if (!history.calls.some(({ call }) => call === 'shutdown')) return undefined;
  for (const { calls, fd } of history.lives) {
    const ends = calls.filter(({ call, result }) => call === 'recv' && result === 0);
    const count = ends.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
    const [first] = ends;
    if (first === undefined || count < MANY) continue;
    return {
      id: 'end-read-again',
      text: `recv(${fd}) returned 0 ${count.toLocaleString('en-US')} times: the end of a stream stays readable for ever, so the loop must stop asking for it`,
      proof: [told(first)],
      call: first,
      functions: ['wantedEvents', 'endStream'],
    };
  }
  return undefined;
};

/** A delay below this, in ms, may be due to a busy machine; and how often the loop must have woken up meanwhile. */
const MUST_SHOW_MS = 1500;
const WAKES = 3;
/** Longer than any check allows a pair, or a handshake, to be silent; in ms. */
const LONG_MS = 2000;

/** Whether a wait with a timeout has expired since: then the program did nothing on purpose. */
function timedOutSince(history: History, { index }: Call): boolean {
  return history.calls.some(
    ({ call, args, result, index: later }) => isWait(call) && later > index && result === 0 && Number(args.timeout) > 0,
  );
}

/** epoll_wait() must return when a timeout expires. */
export const waitsTooLong: Rule = (facts) => {
  const { history, evidence, checkId } = facts;
  if (!['idle-timeout', 'connect-timeout'].includes(checkId) || shows(facts, 'cut-short', 'sockets-left'))
    return undefined;
  const waits = [...history.calls, ...(history.unfinished ? [history.unfinished] : [])];
  // Ignore what follows the failure: the check closes all connections then.
  const last = waits.findLast(
    ({ call, args, ms }) => isWait(call) && args.timeout !== undefined && ms <= evidence.failedAt,
  );
  const begun = history.calls.findLast(({ call }) => call === 'connect');
  if (last === undefined || (checkId === 'connect-timeout' && begun && timedOutSince(history, begun))) return undefined;
  const timeout = Number(last.args.timeout);
  if (timeout !== -1 && !(timeout > LONG_MS && last.ms + timeout > evidence.failedAt)) return undefined;
  return {
    id: timeout === -1 ? 'waits-without-limit' : 'waits-too-long',
    text:
      timeout === -1
        ? `${last.call}() waits without a limit (${last.call === 'select' ? 'no timeout' : 'timeout -1'}), so the loop does not notice when the time of a pair is up`
        : `${last.call}() may wait for ${timeout.toLocaleString('en-US')} ms, so the loop does not notice in time when the time of a pair is up`,
    proof: [],
    call: last,
    functions: ['untilDeadline'],
  };
};

/** Whether the loop woke up several times later than its longest timeout after a call. */
function wokeUpSince(history: History, { index, ms }: Call, until: number): boolean {
  const waits = history.calls.filter((call) => isWait(call.call) && call.index > index && call.ms <= until);
  const longest = Math.max(...waits.map(({ args }) => Number(args.timeout)));
  if (waits.some(({ args }) => Number(args.timeout) < 0) || until - ms < Math.max(2 * longest, MUST_SHOW_MS))
    return false;
  return waits.filter((wait) => wait.ms > ms + longest).length >= WAKES;
}

/** The name of the call that the loop waits in. */
function waitOf({ calls }: History): string {
  return calls.findLast(({ call }) => isWait(call))?.call ?? '';
}

/** The loop has woken up again and again since a pair's timeout, and the pair is still open. */
export const overdueKept: Rule = (facts) => {
  const { history, evidence, checkId } = facts;
  if (checkId !== 'idle-timeout' || !shows(facts, 'client-not-closed', 'upstream-not-closed')) return undefined;
  for (const { own, partner } of sides(history)) {
    const [last = own.opened] = [...own.calls, ...partner.calls].sort((one, other) => other.index - one.index);
    if (own.kind !== 'client' || own.closed !== undefined || last.ms > evidence.failedAt) continue;
    if (!wokeUpSince(history, last, evidence.failedAt)) continue;
    return {
      id: 'overdue-kept',
      text: `the pair [${own.fd}, ${partner.fd}] had been silent for ${Math.round(evidence.failedAt - last.ms).toLocaleString('en-US')} ms; ${waitOf(history)}() has returned again and again after its time was up, and it was not closed`,
      proof: [told(last)],
      call: last,
      functions: ['closeOverdue', 'touch'],
    };
  }
  return undefined;
};

/** A recv() that fills its buffer does not tell whether more bytes follow. */
export const endAssumed: Rule = (facts) => {
  if (!shows(facts, 'cut-short', 'missing-bytes', 'wrong-bytes')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const shut = partner.calls.find(({ call, args }) => call === 'shutdown' && args.how !== SHUT_RD);
    const read = own.calls.findLast(({ call, index }) => call === 'recv' && index < (shut?.index ?? 0));
    if (shut === undefined || read === undefined || read.result <= 0) continue;
    return {
      id: 'end-before-rest',
      text: `recv(${own.fd}) had just returned ${read.result} bytes, and the program called shutdown(${partner.fd}) as if the stream had ended: only a recv() that returns 0 says so`,
      proof: [told(read), told(shut)],
      call: shut,
      functions: ['relay', 'endStream', 'handleEvents'],
    };
  }
  return undefined;
};

const resetNotPassedOn: Rule = (facts) => {
  if (!shows(facts, 'wrong-ending')) return undefined;
  for (const { own, partner } of sides(facts.history)) {
    const failed = own.calls.find(({ call, errno }) => (call === 'recv' || call === 'send') && errno === 'ECONNRESET');
    // A program that pauses reading learns of a reset from epoll alone.
    const reset = failed ?? brokenAt(facts.history, own);
    if (reset === undefined || partner.closed === undefined) continue;
    if (partner.calls.some(({ call, args }) => call === 'setsockopt' && args.option === SO_LINGER)) continue;
    return {
      id: 'reset-not-passed-on',
      text: `descriptor ${own.fd} was reset, and ${partner.fd} was closed without SO_LINGER: the other side takes that for an ordinary end of the stream`,
      proof: [told(reset), told(partner.closed)],
      call: partner.closed,
      functions: ['resetPair'],
    };
  }
  return undefined;
};

/** epoll reports a broken connection as long as its descriptor is open, asked or not. */
const resetIgnored: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'busy')) return undefined;
  for (const { own } of sides(history)) {
    if (own.closed !== undefined) continue;
    const broken = history.calls
      .slice(own.opened.index)
      .find(({ events }) => events?.some(({ fd, events }) => fd === own.fd && events & EPOLLERR));
    if (broken === undefined || (history.ignoredEvents.get(own.fd) ?? 0) < MANY) continue;
    // A program that has tried to close it has another mistake.
    if (own.calls.some(({ index }) => index > broken.index)) continue;
    return {
      id: 'reset-ignored',
      text: `descriptor ${own.fd} was reset, and the program did nothing about it: ${broken.call}() reports that (${broken.call === 'poll' ? 'POLLERR, POLLHUP' : 'EPOLLERR, EPOLLHUP'}) again and again, until the socket is closed or detached`,
      proof: [told(broken), `no call on ${own.fd} followed`],
      call: broken,
      functions: ['handleEvents', 'loopDetach', 'handleClient', 'loopRun'],
    };
  }
  return undefined;
};

export const halfCloseRules: Rule[] = [
  resetIgnored,
  endReadAgain,
  waitsTooLong,
  endBeforeRest,
  closedBeforeRest,
  shutWrongWay,
  endGivenBack,
  halfCloseCloses,
  endNotPassedOn,
  resetNotPassedOn,
];

export const phrases: Phrases = {
  'end-before-rest': 'pass[es] the end on while bytes still wait to be sent',
  'end-not-passed-on': 'do[es] not tell the other side that one side has finished',
  'end-read-again': 'go[es] on reading a stream that has ended',
  'shut-wrong-way': 'pass[es] an end on with the wrong direction of shutdown()',
  'half-close-closes': 'close[s] both sides when one has only finished sending',
  'reset-not-passed-on': 'pass[es] a reset on as an ordinary end',
  'waits-too-long': 'wait[s] for events longer than a pair may be silent',
  'waits-without-limit': 'wait[s] in epoll_wait() without a limit, and miss[es] the timeouts',
  'overdue-kept': 'do[es] not close a pair that has been silent for too long, though the loop wakes up for it',
  'reset-ignored': 'do[es] nothing about a reset that epoll reports again and again',
};
