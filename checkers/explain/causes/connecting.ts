/** Causes of accepted clients without an upstream connection of their own: arguments, time and result of connect(). */

import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { type History, told } from '../history.ts';
import { isWait } from '../waits.ts';

export function clients(history: History): Life[] {
  return history.lives.filter(({ kind }) => kind === 'client');
}

function connectsAfter(history: History, call: Call): Call[] {
  const next = history.calls.find((other) => other.call === 'accept' && other.result >= 0 && other.index > call.index);
  return history.calls.filter(
    ({ call: name, index }) => name === 'connect' && index > call.index && index < (next?.index ?? Infinity),
  );
}

/** Whether the program made an upstream socket for the client that this accept() returned. */
export function triedToConnect(history: History, accept: Call): boolean {
  const next = history.calls.find(
    ({ call, result, index }) => call === 'accept' && result >= 0 && index > accept.index,
  );
  return history.calls.slice(accept.index + 1, next?.index).some(({ call }) => call === 'socket' || call === 'connect');
}

export const connectsEarly: Rule = (facts) => {
  if (!shows(facts, 'too-many-upstream-connections')) return undefined;
  const connect = facts.history.calls.find(({ call }) => call === 'connect');
  const accept = facts.history.calls.find(({ call, result }) => call === 'accept' && result >= 0);
  if (connect === undefined || (accept !== undefined && accept.index < connect.index)) return undefined;
  return {
    id: 'connects-too-early',
    text: 'the proxy connects to the upstream before a client has connected',
    proof: [told(connect), accept ? `accept came later: ${told(accept)}` : 'accept() had not been called yet'],
    call: connect,
    functions: ['acceptConnection'],
  };
};

export const connectsTwice: Rule = (facts) => {
  if (!shows(facts, 'too-many-upstream-connections')) return undefined;
  for (const { opened } of clients(facts.history)) {
    const connects = connectsAfter(facts.history, opened).filter(({ result }) => result === 0);
    if (connects.length < 2) continue;
    return {
      id: 'connects-twice',
      text: 'the proxy connected to the upstream more than once for one client',
      proof: connects.slice(0, 2).map(told),
      ...(connects[1] && { call: connects[1] }),
      functions: ['acceptConnection', 'connectUpstream'],
    };
  }
  return undefined;
};

export const upstreamWrongPort: Rule = ({ evidence, history }) => {
  const known = evidence.ports.upstreams ?? [evidence.ports.upstream];
  const connect = history.calls.find(
    ({ call, args }) => call === 'connect' && args.port !== undefined && !known.includes(Number(args.port)),
  );
  if (connect === undefined) return undefined;
  const itself =
    connect.args.port === evidence.ports.proxy ? ', which is the port that the proxy itself listens on' : '';
  return {
    id: 'upstream-wrong-port',
    text: `the proxy connects to port ${connect.args.port}${itself}; the upstream is on ${evidence.ports.upstream} (variable UPSTREAM_PORT)`,
    proof: [told(connect)],
    call: connect,
    functions: ['connectUpstream'],
  };
};

export const upstreamWrongAddress: Rule = ({ evidence, history }) => {
  const connect = history.calls.find(
    ({ call, args, errno }) =>
      call === 'connect' &&
      (errno === 'ECONNREFUSED' || errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH') &&
      args.port === evidence.ports.upstream &&
      args.address !== undefined &&
      args.address !== '127.0.0.1',
  );
  if (connect === undefined || evidence.symptom === 'client-kept') return undefined;
  return {
    id: 'upstream-wrong-address',
    text: `the proxy connects to ${connect.args.address}, where no process listens; the upstream is on 127.0.0.1`,
    proof: [told(connect)],
    call: connect,
    functions: ['connectUpstream'],
  };
};

export const inProgress: Rule = ({ history }) => {
  const connect = history.calls.find(({ call, errno }) => call === 'connect' && errno === 'EINPROGRESS');
  const close = history.calls.find(
    ({ call, fd, index }) => call === 'close' && fd === connect?.fd && index > connect.index,
  );
  if (connect === undefined || close === undefined) return undefined;
  // A program that adds the socket to epoll waits for the handshake as it should.
  const waitedFor = history.calls
    .slice(connect.index, close.index)
    .some(
      ({ call, fd, watched }) =>
        (call === 'epoll_ctl' && fd === connect.fd) || watched?.some((one) => one.fd === connect.fd),
    );
  if (waitedFor) return undefined;
  return {
    id: 'in-progress-taken-for-failure',
    text: 'connect() on a non-blocking socket was under way (EINPROGRESS), and the program took that for a failure',
    proof: [told(connect), told(close)],
    call: connect,
    functions: ['connectUpstream'],
  };
};

export const retriesForever: Rule = (facts) => {
  const failed = facts.history.calls.filter(({ call, errno }) => call === 'connect' && errno === 'ECONNREFUSED');
  const refusals = failed.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const accepted = clients(facts.history).length;
  const first = failed[0];
  if (
    !shows(facts, 'client-kept', 'stopped', 'no-upstream-connection') ||
    first === undefined ||
    accepted === 0 ||
    refusals < 3 * accepted
  )
    return undefined;
  return {
    id: 'retries-for-ever',
    text: 'the proxy retries the upstream again and again, and all clients wait meanwhile',
    proof: [`connect() failed ${refusals} times: ${told(first)}`],
    call: first,
    functions: ['connectUpstream'],
  };
};

/** After a failed connect(), the program used the socket, or the -1, as a connection. */
export const failedSocketUsed: Rule = ({ history }) => {
  const connect = history.calls.find(
    ({ call, result, errno }) => call === 'connect' && result === -1 && errno !== 'EINPROGRESS',
  );
  if (connect === undefined) return undefined;
  const next = history.calls.slice(connect.index + 1);
  // After the close(), the next attempt may reuse the number: a name often has several addresses.
  const before = (isEnd: (call: Call) => boolean): Call[] => {
    const end = next.findIndex((one) => one.call === 'accept' || isWait(one.call) || isEnd(one));
    return end === -1 ? next : next.slice(0, end);
  };
  const uses = ['epoll_ctl', 'send', 'recv'];
  const used =
    before(({ call, fd }) => call === 'close' && fd === connect.fd).find(
      ({ call, fd }) => uses.includes(call) && (fd === -1 || fd === connect.fd),
    ) ??
    before(({ call, result }) => call === 'connect' && result === 0).find(
      ({ call, fd }) => uses.includes(call) && fd === -1,
    );
  if (used === undefined) return undefined;
  return {
    id: 'failed-connect-ignored',
    text: `connect() failed with ${connect.errno}, and the program went on with ${used.fd === -1 ? '-1 as if it were a socket' : 'the socket'}`,
    proof: [told(connect), told(used)],
    call: used,
    functions: ['acceptConnection', 'connectUpstream'],
  };
};

export const clientKept: Rule = (facts) => {
  if (!shows(facts, 'client-kept')) return undefined;
  const connect = facts.history.calls.find(
    ({ call, result, errno }) => call === 'connect' && result === -1 && errno !== 'EINPROGRESS',
  );
  const client = clients(facts.history).findLast(({ opened }) => connect === undefined || opened.index < connect.index);
  if (connect === undefined || client === undefined || client.closed) return undefined;
  return {
    id: 'client-not-released',
    text: `connect() to the upstream failed, and the client's socket (${client.fd}) was not closed: the client waits for ever`,
    proof: [told(connect), `no close(${client.fd}) followed`],
    call: connect,
    functions: ['acceptConnection'],
  };
};

export const connectMissing: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'no-upstream-connection', 'too-few-upstream-connections')) return undefined;
  const client = clients(history).find(
    (life) =>
      !life.partner &&
      connectsAfter(history, life.opened).length === 0 &&
      !(life.closed && !triedToConnect(history, life.opened)),
  );
  if (client === undefined) return undefined;
  const shared = history.lives.find(({ kind, opened }) => kind === 'upstream' && opened.index < client.opened.index);
  if (shared !== undefined) {
    return {
      id: 'shared-upstream',
      text: `only the first client got an upstream connection (${shared.fd}); the next ones were accepted without one of their own`,
      proof: [told(client.opened), 'no connect() followed'],
      call: client.opened,
      functions: ['acceptConnection'],
    };
  }
  return {
    id: 'connect-missing',
    text: 'the client was accepted, but connect() was not called for it',
    proof: [told(client.opened), 'no connect() followed'],
    call: client.opened,
    functions: ['acceptConnection', 'connectUpstream'],
  };
};

export const phrases: Phrases = {
  'connects-too-early': 'connect[s] to the upstream before there is a client',
  'in-progress-taken-for-failure': 'take[s] EINPROGRESS of connect() for a failure',
  'retries-for-ever': 'tr[y|ies] for ever to reach an upstream that is not there',
  'shared-upstream': 'share[s] one upstream connection among all clients',
  'upstream-wrong-address': 'connect[s] to an address that is not the upstream’s',
  'upstream-wrong-port': 'connect[s] to a port that is not the upstream’s',
};
