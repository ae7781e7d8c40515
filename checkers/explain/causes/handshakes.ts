/** Causes of handshakes that were given up too early, and of sockets that leak after a failed one. */
import { EPOLLERR, EPOLLOUT } from '../../../linux/constants.ts';
import { text } from '../../messages/index.ts';
import type { Call, Life } from '../call.ts';
import { type Rule, shows } from '../cause.ts';
import { type History, told } from '../history.ts';

const messages = text.causes.handshakes;

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
    text: messages.givenUp(attempt.life.fd, Math.round(close.ms - attempt.connect.ms)),
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
      text: messages.acceptedAndKept(life.fd, next.errno ?? ''),
      proof: [told(life.opened), told(next), messages.noClose(life.fd)],
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
    text: refused ? messages.refusedAndKept(life.fd) : messages.unansweredAndKept(life.fd),
    proof: [told(connect), messages.noClose(life.fd)],
    call: connect,
    functions: ['finishConnect', 'closeOverdue', 'closePair'],
  };
};
