/** Causes of handshakes that were given up too early, and of sockets that leak after a failed one. */

import { EPOLLERR, EPOLLOUT } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { type History, told } from '../history.ts';

/** A handshake that did not succeed, as far as the trace tells. */
interface Attempt {
  life: Life;
  connect: Call;
  /** true: the upstream refused; false: there was no answer until the socket was closed, or until now */
  refused: boolean;
}

function attemptsInVain(history: History): Attempt[] {
  return history.lives.flatMap((life) => {
    const connect = life.calls.find(({ call, errno }) => call === 'connect' && errno === 'EINPROGRESS');
    if (life.kind !== 'upstream' || connect === undefined) return [];
    const reports = history.calls
      .slice(connect.index, life.closed?.index)
      .flatMap(({ events }) => events?.filter(({ fd }) => fd === life.fd) ?? []);
    const refused = reports.some(({ events }) => events & EPOLLERR);
    if (!refused && reports.some(({ events }) => events & EPOLLOUT)) return [];
    return [{ life, connect, refused }];
  });
}

/** Only for a check in which every handshake is faster than its timeout. */
export const handshakeGivenUp: Rule = (facts) => {
  if (facts.checkId !== 'connect-timeout' || !shows(facts, 'no-upstream-connection', 'client-dropped', 'cut-short'))
    return undefined;
  const attempt = attemptsInVain(facts.history).find(({ life, refused }) => !refused && life.closed !== undefined);
  const close = attempt?.life.closed;
  if (attempt === undefined || close === undefined) return undefined;
  return {
    id: 'handshake-given-up',
    text: `the handshake of upstream socket ${attempt.life.fd} was given up after ${Math.round(close.ms - attempt.connect.ms)} ms, and CONNECT_TIMEOUT_MS allows for more`,
    proof: [told(attempt.connect), told(close)],
    call: close,
    functions: ['closeOverdue', 'untilDeadline'],
  };
};

/** The client got a descriptor, and its upstream socket did not. */
export const acceptedAndKept: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'sockets-left')) return undefined;
  for (const life of history.lives) {
    if (life.kind !== 'client' || life.partner !== undefined || life.closed !== undefined) continue;
    const next = history.calls.find(({ call, index }) => index > life.opened.index && /^(accept|socket)/.test(call));
    if (next?.call !== 'socket' || !['EMFILE', 'ENFILE'].includes(next.errno ?? '')) continue;
    return {
      id: 'accepted-and-kept',
      text: `client ${life.fd} was accepted, and socket() failed for its upstream connection (${next.errno ?? ''}): the client has no partner, and was not closed either`,
      proof: [told(life.opened), told(next), `no close(${life.fd}) followed`],
      call: next,
      functions: ['linkClient', 'connectUpstream'],
    };
  }
  return undefined;
};

/** The client has closed, or the upstream has refused, and the socket of the attempt is still open. */
export const attemptKept: Rule = (facts) => {
  if (!shows(facts, 'sockets-left')) return undefined;
  const attempt = attemptsInVain(facts.history).find(
    ({ life, refused }) => life.closed === undefined && (refused || life.partner?.closed !== undefined),
  );
  if (attempt === undefined) return undefined;
  const { life, connect, refused } = attempt;
  return {
    id: 'refused-socket-kept',
    text: refused
      ? `the upstream refused the connection of socket ${life.fd}, which was not closed after that`
      : `the client left, or was let go, while the handshake of its upstream socket ${life.fd} was under way, and that socket was not closed`,
    proof: [told(connect), `no close(${life.fd}) followed`],
    call: connect,
    functions: ['finishConnect', 'closeOverdue', 'closePair'],
  };
};

export const phrases: Phrases = {
  'handshake-given-up': 'give[s] a handshake less time than CONNECT_TIMEOUT_MS says',
  'accepted-and-kept': 'never close[s] a client for which there was no upstream socket',
};
