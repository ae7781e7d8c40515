/** Causes of changes that were reported once (EPOLLET) and not handled. epoll does not report them again. */

import { EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import type { History } from '../history.ts';
import { isWait } from '../waits.ts';

/** Open sockets of pairs that are registered with EPOLLET. */
function watched({ lives, edges }: History): Life[] {
  return lives.filter(({ fd, kind, closed }) => (kind === 'client' || kind === 'upstream') && !closed && edges.has(fd));
}

/** The last report of one of these events, if the program has called epoll_wait() since. */
function lastReport({ calls, unfinished }: History, { fd, opened }: Life, mask: number): Call | undefined {
  const report = calls.findLast(
    ({ index, events }) => index > opened.index && events?.some((event) => event.fd === fd && event.events & mask),
  );
  const waitedAgain = calls.some(({ call, index }) => isWait(call) && index > (report?.index ?? Infinity));
  return waitedAgain || isWait(unfinished?.call) ? report : undefined;
}

/** Bytes in: recv(), or splice() out of the socket. */
function isRead({ fd: own }: Life, { call, fd }: Call): boolean {
  return fd === own && (call === 'recv' || call === 'splice');
}

/** Bytes out: send(), or splice() into the socket. */
function isSend({ fd: own }: Life, { call, fd, args }: Call): boolean {
  return (call === 'send' && fd === own) || (call === 'splice' && args.to === own);
}

/** Whether a socket takes no more, so that nothing need be read for it. */
function isFull(life: Life | undefined): boolean {
  const last = life?.calls.findLast((call) => isSend(life, call));
  if (last === undefined) return false;
  return (
    last.errno === 'EAGAIN' || (last.call === 'send' && last.result >= 0 && last.result < Number(last.args.length))
  );
}

function reportOf({ ms }: Call, { fd }: Life, name: string): string {
  return `${name} of ${fd} was reported at ${Math.round(ms)} ms`;
}

const roomMissed: Rule = ({ history }) => {
  for (const life of watched(history)) {
    const report = lastReport(history, life, EPOLLOUT);
    const last = life.calls.findLast((call) => isSend(life, call));
    if (report === undefined || last === undefined || last.index > report.index || !isFull(life)) continue;
    return {
      id: 'edge-missed',
      text: `epoll_wait() reported room on descriptor ${life.fd} once (EPOLLET), and the program did not offer the waiting bytes again: epoll does not report the same room again`,
      proof: [reportOf(report, life, 'EPOLLOUT'), `no send(${life.fd}) and no splice() into it followed`],
      call: report,
      functions: ['handleEvents', 'flush'],
    };
  }
  return undefined;
};

const bytesMissed: Rule = ({ history }) => {
  for (const life of watched(history)) {
    const report = lastReport(history, life, EPOLLIN);
    const last = life.calls.findLast((call) => isRead(life, call));
    if (report === undefined || (last?.index ?? 0) > report.index || isFull(life.partner)) continue;
    return {
      id: 'edge-missed',
      text: `epoll_wait() reported bytes to read on descriptor ${life.fd} once (EPOLLET), and the program did not read them: epoll does not report the same bytes again`,
      proof: [reportOf(report, life, 'EPOLLIN'), `no recv(${life.fd}) and no splice() out of it followed`],
      call: report,
      functions: cameEarly(history, life, report) ? ['handleClient', 'finishConnect'] : ['handleEvents'],
    };
  }
  return undefined;
};

/** Whether the upstream's handshake was still under way, as far as epoll had reported. */
function cameEarly(history: History, { kind, partner }: Life, report: Call): boolean {
  if (kind !== 'client' || partner === undefined) return false;
  const connected = history.calls.find(({ events, index }) => {
    return index > partner.opened.index && events?.some(({ fd }) => fd === partner.fd);
  });
  return connected === undefined || connected.index >= report.index;
}

/** epoll announced the end, and the program read only the bytes before it. */
const endNotRead: Rule = ({ history }) => {
  for (const life of watched(history)) {
    const report = lastReport(history, life, EPOLLRDHUP | EPOLLHUP);
    const reads = life.calls.filter((call) => isRead(life, call));
    const last = reads.at(-1);
    if (report === undefined || last === undefined || last.index < report.index || isFull(life.partner)) continue;
    if (reads.some(({ result, errno }) => result === 0 || (result === -1 && errno !== 'EAGAIN'))) continue;
    return {
      id: 'end-not-read',
      text: `epoll_wait() announced the end of the stream on descriptor ${life.fd} (EPOLLRDHUP), and the program stopped reading after the last bytes: it never read the 0 that marks the end, and no other event will come`,
      proof: [reportOf(report, life, 'EPOLLRDHUP')],
      call: last,
      functions: cameEarly(history, life, report) ? ['finishConnect', 'moveBytes'] : ['handleEvents', 'moveBytes'],
    };
  }
  return undefined;
};

const ofEdges: Rule[] = [roomMissed, bytesMissed, endNotRead];

/** Rules for missing bytes or connections. */
export const edgeRules: Rule[] = ofEdges.map(
  (rule): Rule =>
    (facts) =>
      shows(facts, 'missing-bytes', 'crossed', 'upstream-not-closed', 'client-not-closed') ? rule(facts) : undefined,
);

export const phrases: Phrases = {
  'edge-missed': 'forget[s] a change that epoll reports only once',
  'end-not-read': 'do[es] not read the end of the stream after the last bytes',
};
