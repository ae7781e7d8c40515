/**
 * Causes of a program that reached a stub of a later milestone than the one judged. The stub is a symptom: a wrong
 * descriptor, mask or return value led the program there.
 */
import { EPOLL_CTL_ADD, EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import { text } from '../../messages/index.ts';
import type { Call, Life } from '../call.ts';
import type { Cause, Rule } from '../cause.ts';
import { type History, lifeAt, told, toldBriefly } from '../history.ts';
import { closedSocketUsed, eventData } from './accepting.ts';
import { failedSocketUsed } from './connecting.ts';

const words = text.causes.ledAstray;

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
  const cause = because('failed-accept-used', words.failedAcceptUsed(accept.errno), accept, 'acceptConnection');
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
    words.listenerTakenForClient(used.call, used.fd),
    used,
    'acceptConnection',
  );
};

/** recv() or read() returned 0 or -1, and the program went on with bytes that it had not received. */
const endTakenForBytes: Rule = ({ history }) => {
  const call = last(history, 'recv', 'read');
  if (call === undefined || call.result > 0 || call.errno === 'EAGAIN' || call.errno === 'EINTR') return undefined;
  return because('end-taken-for-bytes', words.endTakenForBytes(call.call, call.fd, call.errno), call);
};

/** send() took all bytes, and the program went on as if some were left. */
const wholeTakenForPart: Rule = ({ history }) => {
  const send = last(history, 'send', 'write');
  if (send === undefined || send.result !== Number(send.args.length)) return undefined;
  return because('whole-taken-for-part', words.wholeTakenForPart(send.call, send.fd, send.result), send);
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
  const cause = because('watched-for-room', words.watchedForRoom(event.life.fd), attach);
  return { ...cause, proof: [toldBriefly(attach), told(event.wait)] };
};

/** epoll_wait() reported the listening socket, and the program took it for another one. */
const knockMisrouted: Rule = ({ history }) => {
  const event = lastEvent(history);
  if (event === undefined || event.life.kind !== 'listener' || !(event.mask & EPOLLIN)) return undefined;
  return because('knock-misrouted', words.knockMisrouted(event.life.fd), event.wait, 'loopRun');
};

/** The rules to ask, in order. */
export const ledAstrayRules: Rule[] = [
  eventData,
  failedSocketUsed,
  failedAcceptUsed,
  listenerTakenForClient,
  closedSocketUsed,
  watchedForRoom,
  knockMisrouted,
  endTakenForBytes,
  wholeTakenForPart,
];
