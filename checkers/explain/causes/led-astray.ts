/**
 * Causes of a program that reached a stub of a later milestone than the one judged. The stub is a symptom: a wrong
 * descriptor, mask or return value led the program there.
 */

import { EPOLL_CTL_ADD, EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Cause, Phrases, Rule } from '../cause.ts';
import { type History, lifeAt, told, toldBriefly } from '../history.ts';
import { closedSocketUsed, eventData } from './accepting.ts';
import { failedSocketUsed, upstreamWrongPort } from './connecting.ts';

/** The last call that failed or moved bytes: no system call followed until the stub. */
function last({ calls }: History, ...names: string[]): Call | undefined {
  const call = calls.at(-1);
  return call !== undefined && names.includes(call.call) ? call : undefined;
}

function because(id: string, words: string, call: Call, ...functions: string[]): Cause {
  const own = typeof call.fn === 'string' ? [call.fn] : [];
  return { id, text: words, proof: [told(call)], call, functions: functions.length > 0 ? functions : own };
}

/** accept() failed, and the program used its -1 as a descriptor. */
const failedAcceptUsed: Rule = ({ history }) => {
  const accept = history.calls.findLast(({ call }) => call === 'accept');
  const used = history.calls.at(-1);
  if (accept?.result !== -1 || used === undefined || used.index <= accept.index) return undefined;
  if (used.fd !== -1 || !['recv', 'send', 'epoll_ctl', 'close'].includes(used.call)) return undefined;
  const cause = because(
    'failed-accept-used',
    `accept() failed with ${accept.errno}, and its -1 was used as if it were a client's descriptor`,
    accept,
    'acceptConnection',
  );
  return { ...cause, proof: [told(accept), told(used)] };
};

/** The program used the listening socket in place of the one that accept() returned. For every symptom of a server. */
export const listenerTakenForClient: Rule = ({ history }) => {
  const used = history.calls.find(
    (call) =>
      ['recv', 'send'].includes(call.call) &&
      ['ENOTCONN', 'EPIPE'].includes(call.errno ?? '') &&
      lifeAt(history, call.fd, call)?.kind === 'listener',
  );
  if (used === undefined) return undefined;
  return because(
    'listener-taken-for-client',
    `${used.call}() was called on ${used.fd}, the listening socket: bytes come on the descriptor that accept() returns`,
    used,
    'acceptConnection',
  );
};

/** recv() or read() returned 0 or -1, and the program went on with bytes that it had not received. */
const endTakenForBytes: Rule = ({ history }) => {
  const call = last(history, 'recv', 'read');
  if (call === undefined || call.result > 0 || call.errno === 'EAGAIN' || call.errno === 'EINTR') return undefined;
  return because(
    'end-taken-for-bytes',
    call.errno === undefined
      ? `${call.call}(${call.fd}) returned 0, the end of the stream, and the program went on as if bytes had come`
      : `${call.call}(${call.fd}) failed with ${call.errno}, and the program went on as if bytes had come`,
    call,
  );
};

/** send() took all bytes, and the program went on as if some were left. */
const wholeTakenForPart: Rule = ({ history }) => {
  const send = last(history, 'send', 'write');
  if (send === undefined || send.result !== Number(send.args.length)) return undefined;
  return because(
    'whole-taken-for-part',
    `${send.call}(${send.fd}) took all ${send.result} bytes, and the program went on as if some were left`,
    send,
  );
};

/** The event that the program was about to handle when it reached the stub: the first one without a call. */
function lastEvent(history: History): { wait: Call; life: Life; mask: number } | undefined {
  const wait = history.calls.findLast(({ call }) => call === 'epoll_wait');
  if (wait === undefined) return undefined;
  const touched = new Set(history.calls.slice(wait.index + 1).map(({ fd }) => fd));
  const event = wait.events?.find(({ fd }) => !touched.has(fd));
  const life = event && lifeAt(history, event.fd, wait);
  return event && life && { wait, life, mask: event.events };
}

/** A socket is registered with EPOLLOUT, and is almost always writable. */
const watchedForRoom: Rule = ({ history }) => {
  const event = lastEvent(history);
  if (event === undefined || !(event.mask & EPOLLOUT) || event.mask & EPOLLIN) return undefined;
  const attach = event.life.calls.findLast(
    ({ call, args, result }) => call === 'epoll_ctl' && result === 0 && args.operation === EPOLL_CTL_ADD,
  );
  if (attach === undefined) return undefined;
  const cause = because(
    'watched-for-room',
    `descriptor ${event.life.fd} is watched for EPOLLOUT: there is room for bytes at once, so its event comes before its client has sent any`,
    attach,
  );
  return { ...cause, proof: [toldBriefly(attach), told(event.wait)] };
};

/** epoll_wait() reported the listening socket, and the program took it for another one. */
const knockMisrouted: Rule = ({ history }) => {
  const event = lastEvent(history);
  if (event === undefined || event.life.kind !== 'listener' || !(event.mask & EPOLLIN)) return undefined;
  return because(
    'knock-misrouted',
    `epoll_wait() reported the listening socket, ${event.life.fd}, and the program took the event for one of another socket`,
    event.wait,
    'loopRun',
  );
};

/** The rules to ask, in order. */
export const ledAstrayRules: Rule[] = [
  eventData,
  upstreamWrongPort,
  failedSocketUsed,
  failedAcceptUsed,
  listenerTakenForClient,
  closedSocketUsed,
  watchedForRoom,
  knockMisrouted,
  endTakenForBytes,
  wholeTakenForPart,
];

export const phrases: Phrases = {
  'end-taken-for-bytes': 'go[es] on after the end of a stream as if bytes had come',
  'failed-accept-used': 'use[s] the -1 of a failed accept() as a descriptor',
  'knock-misrouted': 'take[s] an event of the listening socket for one of another socket',
  'listener-taken-for-client': 'use[s] the listening socket as if it led to a client',
  'watched-for-room': 'watch[es] a socket for room to write before there is anything to send',
  'whole-taken-for-part': 'go[es] on as if bytes were left that send() has taken',
};
