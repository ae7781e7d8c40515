/** Causes of a server's failures with connections, apart from their bytes: accepting, waiting, closing. */

import { EPOLL_CTL_ADD } from '../../../linux/constants.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { type History, told, toldBriefly } from '../history.ts';

function clientsOf(history: History): Life[] {
  return history.lives.filter(({ kind }) => kind === 'client');
}

/** The end of a client: recv() returned 0, or recv() or send() failed for good. */
function endOf({ calls }: Life): Call | undefined {
  return calls.find(({ call, result, errno, args }) => {
    if (call === 'recv' && result === 0 && args.length !== 0) return true;
    return (call === 'recv' || call === 'send') && result === -1 && errno !== 'EAGAIN' && errno !== 'EINTR';
  });
}

function usesEpoll({ calls }: History): boolean {
  return calls.some(({ call }) => call === 'epoll_create1');
}

/** The program never called accept(): it sleeps or does something else. */
export const neverAccepts: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'client-not-accepted', 'missing-bytes')) return undefined;
  const listen = history.calls.find(({ call, result }) => call === 'listen' && result === 0);
  const tried = history.unfinished?.call === 'accept' || history.calls.some(({ call }) => call === 'accept');
  if (listen === undefined || tried || usesEpoll(history)) return undefined;
  return {
    id: 'accept-missing',
    text: 'a client waits in the queue of the listening socket, and accept() was never called',
    proof: [told(listen), 'no accept() followed'],
    call: listen,
    functions: ['acceptConnection'],
  };
};

/** The listening socket, or a client's socket, was never added to epoll. */
export const notWatched: Rule = (facts) => {
  const { history } = facts;
  const waits = history.unfinished?.call === 'epoll_wait' || history.calls.some(({ call }) => call === 'epoll_wait');
  if (!waits || shows(facts, 'busy', 'stopped', 'client-dropped')) return undefined;
  const missing = history.lives.find(
    ({ kind, closed, calls }) =>
      (kind === 'listener' || kind === 'client') &&
      !closed &&
      !calls.some(
        ({ call, args, result }) => call === 'epoll_ctl' && args.operation === EPOLL_CTL_ADD && result === 0,
      ) &&
      // A program that receives without epoll works differently by design.
      !calls.some(({ call }) => call === 'recv'),
  );
  if (missing === undefined) return undefined;
  const name = missing.kind === 'listener' ? 'the listening socket' : "the client's socket";
  return {
    id: 'not-attached',
    text: `${name} (${missing.fd}) was never attached to the loop, so epoll_wait() never reports it`,
    proof: [told(missing.opened), `no epoll_ctl(EPOLL_CTL_ADD) for ${missing.fd} followed`],
    call: missing.opened,
    functions: missing.kind === 'listener' ? ['loopAttach'] : ['acceptConnection'],
  };
};

/** The program closed a client that had not closed. */
export const closedTooEarly: Rule = (facts) => {
  if (!shows(facts, 'cut-short', 'client-dropped', 'missing-bytes', 'stopped')) return undefined;
  for (const life of clientsOf(facts.history)) {
    const end = endOf(life);
    if (life.closed === undefined || (end !== undefined && end.index < life.closed.index)) continue;
    // Without a newline for long, a server may give up on a client.
    const before = facts.history.calls[life.closed.index - 1];
    return {
      id: 'closed-before-end',
      text: `the client on ${life.fd} had not left, and its socket was closed: no recv() on it had returned 0 or failed`,
      proof: [...(before ? [told(before)] : []), told(life.closed)],
      call: life.closed,
      functions: ['handleClient'],
    };
  }
  return undefined;
};

/** A client closed, and its socket stays open. */
export const endIgnored: Rule = (facts) => {
  if (!shows(facts, 'client-not-closed', 'busy', 'missing-bytes', 'sockets-left', 'client-not-accepted'))
    return undefined;
  const { history } = facts;
  for (const life of clientsOf(history)) {
    const end = endOf(life);
    if (end === undefined || end.call === 'send' || life.closed) continue;
    return endOfCause(life, end);
  }
  return undefined;
};

function endOfCause(life: Life, end: Call): Cause {
  const how = end.result === 0 ? 'recv() returned 0' : `recv() failed with ${end.errno}`;
  const again = life.calls.filter(({ call, result, index }) => call === 'recv' && result <= 0 && index > end.index);
  const times = again.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 1);
  const shut = life.calls.find(({ call, index }) => call === 'shutdown' && index > end.index);
  const base = { call: end, functions: ['handleClient', 'closeClient'] };
  if (shut !== undefined) {
    const text = `the client on ${life.fd} had left, and its socket was shut down but never closed: the descriptor stays taken`;
    return { id: 'shutdown-without-close', text, proof: [told(end), told(shut)], ...base };
  }
  const over = times > 3 ? `, and recv() was called ${times.toLocaleString('en-US')} times and said so each time` : '';
  return {
    id: 'end-ignored',
    text: `the client on ${life.fd} had left (${how})${over}, and its socket was not closed`,
    proof: [told(end), `no close(${life.fd}) followed`],
    ...base,
  };
}

/** The program is back in accept() and ignores a connected client. */
export const abandoned: Rule = (facts) => {
  const { history } = facts;
  if (usesEpoll(history)) return undefined;
  const wait = history.unfinished?.call === 'accept' ? history.unfinished : undefined;
  const life = clientsOf(history).findLast(({ closed }) => closed === undefined);
  const last = life?.calls.at(-1) ?? life?.opened;
  if (wait === undefined || life === undefined || last === undefined || endOf(life) !== undefined) return undefined;
  // Two accept() calls in a row, in two lines of one function: the second one is too many.
  const twice = last === life.opened && wait.fn === last.fn && wait.line !== last.line;
  return {
    id: 'client-abandoned',
    text: `the program waits in accept() for the next client, while the one on ${life.fd} is still connected and the program does not receive what it sends`,
    proof: [`the last call on ${life.fd}: ${told(last)}`, `then ${toldBriefly(wait)}`],
    call: last,
    functions: [twice && typeof wait.fn === 'string' ? wait.fn : 'handleClient'],
  };
};

export const phrases: Phrases = {
  'accept-missing': 'never call[s] accept() for a client that waits',
  'client-abandoned': 'wait[s] for the next client while one is still there',
  'shutdown-without-close': 'call[s] shutdown() but never close()',
};
