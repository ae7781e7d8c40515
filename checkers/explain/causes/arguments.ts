/** Causes of calls with arguments in the wrong order or of the wrong kind. */

import { EPOLL_CTL_ADD, EPOLLIN, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_PEEK } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';

/** poll(2): the same as EPOLLIN, for a socket. */
const NORMAL_BYTES = 0x40;

/** A length that is one of these numbers is probably meant as flags. */
const LIKELY_FLAGS = [0, MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_DONTWAIT | MSG_NOSIGNAL];
/** All flags that a program may give, from recv(2) and send(2). */
const FLAGS = { recv: 0x4000_2163, send: 0x2400_c8c5 };

function isSwapped({ call, args }: Call): boolean {
  if (call !== 'recv' && call !== 'send') return false;
  const flags = Number(args.flags ?? 0);
  return LIKELY_FLAGS.includes(Number(args.length)) && flags > 0 && (flags & ~FLAGS[call]) !== 0;
}

/** recv() or send() with the length where the flags belong. Every argument is a number, so no compiler complains. */
export const flagsForLength: Rule = ({ history }) => {
  const call = history.calls.find(isSwapped);
  if (call === undefined) return undefined;
  return {
    id: 'arguments-swapped',
    text: `${call.call}() was given ${call.args.length} as the length and ${call.args.flags} as the flags: the length comes first, ${call.call}(fd, buffer, length, flags)`,
    proof: [told(call)],
    call,
    ...(typeof call.fn === 'string' && { functions: [call.fn] }),
  };
};

/** recv() with a length of 0 returns 0, as at the end of a stream, and the program closed the socket. */
export const noRoom: Rule = (facts) => {
  if (!shows(facts, 'cut-short', 'client-dropped', 'missing-bytes', 'stopped')) return undefined;
  for (const life of facts.history.lives) {
    const { closed } = life;
    const before = life.calls.filter(({ index }) => index < (closed?.index ?? -1)).at(-1);
    if (closed === undefined || before?.call !== 'recv' || before.args.length !== 0 || before.result !== 0) continue;
    return {
      id: 'received-into-nothing',
      text: `recv() was given room for 0 bytes, so it returned 0, and ${life.fd} was closed as if its stream had ended`,
      proof: [told(before), told(closed)],
      call: before,
      ...(typeof before.fn === 'string' && { functions: [before.fn] }),
    };
  }
  return undefined;
};

const TAKES = ['accept', 'recv', 'read', 'splice'];

/** Whether a socket was added to epoll, and its mask never had EPOLLIN. */
function neverAsksForBytes({ calls }: Life): boolean {
  const asked = calls.filter(
    ({ call, result, args }) => call === 'epoll_ctl' && result === 0 && args.events !== undefined,
  );
  return (
    asked.some(({ args }) => args.operation === EPOLL_CTL_ADD) &&
    asked.every(({ args }) => (Number(args.events) & (EPOLLIN | NORMAL_BYTES)) === 0) &&
    !calls.some(({ call }) => TAKES.includes(call))
  );
}

/** Until its handshake is over, a proxy need not ask for bytes of either side. */
function isLinked({ kind, calls, partner }: Life): boolean {
  const connect = (kind === 'upstream' ? calls : partner?.calls)?.find(({ call }) => call === 'connect');
  return connect?.result === 0;
}

/** A socket is in epoll without EPOLLIN, and nothing is ever read from it. */
export const noBytesAskedFor: Rule = (facts) => {
  const { evidence, history, role } = facts;
  if (shows(facts, 'busy', 'stopped', 'client-kept', 'sockets-left', 'client-dropped', 'cut-short')) return undefined;
  const waits = history.unfinished?.call === 'epoll_wait' || history.calls.some(({ call }) => call === 'epoll_wait');
  if (!waits) return undefined;
  // A thread may wait for bytes in a call that has not returned yet.
  const inThread = (fd: number): boolean =>
    evidence.trace.some(({ call, fd: other, result }) => other === fd && result === undefined && TAKES.includes(call));
  const life = history.lives.find(
    (one) =>
      !one.closed &&
      neverAsksForBytes(one) &&
      !inThread(one.fd) &&
      (one.kind === 'listener' || (one.kind === 'client' && role === 'server') || (role === 'proxy' && isLinked(one))),
  );
  const attach = life?.calls.find(({ call }) => call === 'epoll_ctl');
  if (life === undefined || attach === undefined) return undefined;
  const names: Partial<Record<Life['kind'], string>> = {
    listener: 'the listening socket',
    client: "the client's socket",
    upstream: 'the upstream socket',
  };
  return {
    id: 'epollin-missing',
    text: `${names[life.kind]} (${life.fd}) is attached with the mask 0x${Number(attach.args.events).toString(16)}, which lacks EPOLLIN: epoll_wait() does not report its ${life.kind === 'listener' ? 'clients' : 'bytes'}`,
    proof: [toldBriefly(attach)],
    call: attach,
    functions: life.kind === 'listener' ? ['loopAttach'] : ['acceptConnection', 'loopAttach'],
  };
};

export const phrases: Phrases = {
  'epollin-missing': 'attach[es] a socket without EPOLLIN',
  'received-into-nothing': 'call[s] recv() with room for 0 bytes',
  'arguments-swapped': 'swap[s] two arguments of a system call',
};
