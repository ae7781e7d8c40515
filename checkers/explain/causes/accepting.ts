/** Causes of clients that are not accepted, or that the loop gets no events for. */

import { EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLET, EPOLLIN, EPOLLONESHOT, EPOLLRDHUP } from '../../../linux/constants.ts';
import type { Evidence } from '../../contract/check.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Facts, type Rule, shows } from '../cause.ts';
import { type History, told, toldBriefly, where } from '../history.ts';
import { isWait } from '../waits.ts';
import {
  clientKept,
  clients,
  connectMissing,
  connectsEarly,
  connectsTwice,
  failedSocketUsed,
  inProgress,
  retriesForever,
  triedToConnect,
  upstreamWrongAddress,
  upstreamWrongPort,
} from './connecting.ts';
import { isAskedToEnd } from './leaving.ts';

function attachments(history: History): Call[] {
  return history.calls.filter(
    ({ call, args, result }) => call === 'epoll_ctl' && args.operation === EPOLL_CTL_ADD && result === 0,
  );
}

/** Whether epoll reported a descriptor by its data field, and the program never used it: it misread the data field. */
function isMisread({ calls, unfinished }: History, { index, fd, args }: Call): boolean {
  const reported = calls.find(
    (call) =>
      call.index > index &&
      call.events?.some((event) => (event.data ?? event.fd) === args.data && event.events & EPOLLIN),
  );
  if (reported === undefined || unfinished?.fd === fd) return false;
  return calls.slice(reported.index).every((call) => call.fd !== fd || call.call === 'send');
}

/** The data field of an event may be anything, as long as the program finds the descriptor by it. */
export const eventData: Rule = ({ history }) => {
  const wrong = attachments(history).find(
    (attach) => attach.args.data !== undefined && attach.args.data !== attach.fd && isMisread(history, attach),
  );
  if (wrong === undefined) return undefined;
  return {
    id: 'event-data-wrong',
    text: `descriptor ${wrong.fd} was attached with ${wrong.args.data} as its data.fd, so its events look as if they were about ${wrong.args.data}`,
    proof: [toldBriefly(wrong)],
    call: wrong,
    functions: ['loopAttach'],
  };
};

export const notAttached: Rule = (facts) => {
  const { history } = facts;
  if (shows(facts, 'busy', 'stopped', 'client-kept', 'sockets-left', 'client-dropped', 'cut-short')) return undefined;
  const wait = history.unfinished?.call === 'epoll_wait' || history.calls.some(({ call }) => call === 'epoll_wait');
  if (!wait) return undefined;
  const attached = new Set(
    attachments(history).map(({ fd, index }) =>
      history.lives.findLast((life) => life.fd === fd && life.opened.index < index),
    ),
  );
  const missing = history.lives.find(
    (life) =>
      (life.kind === 'listener' || ((life.kind === 'client' || life.kind === 'upstream') && life.partner)) &&
      !life.closed &&
      !attached.has(life),
  );
  if (missing === undefined) return undefined;
  return {
    id: 'not-attached',
    text: `${nameOf(missing)} (${missing.fd}) was never attached to the loop, so epoll_wait() never reports it`,
    proof: [told(missing.opened), `no epoll_ctl(EPOLL_CTL_ADD) for ${missing.fd} followed`],
    call: missing.opened,
    functions: missing.kind === 'listener' ? ['loopAttach'] : ['acceptConnection'],
  };
};

/** poll() and select() get all watched descriptors with each call. */
export const notPolled: Rule = (facts) => {
  const { history, evidence } = facts;
  if (shows(facts, 'busy', 'stopped', 'client-kept', 'sockets-left', 'client-dropped', 'cut-short')) return undefined;
  // Without any descriptor such a call only sleeps.
  const waits = evidence.trace.filter(({ call, watched }) => isWait(call) && watched?.length !== 0);
  const last = waits.at(-1);
  if (last === undefined || waits.some(({ call, watched }) => call === 'epoll_wait' || watched === undefined))
    return undefined;
  const missing = history.lives.find(
    ({ fd, kind, partner, closed, opened }) =>
      (kind === 'listener' || ((kind === 'client' || kind === 'upstream') && partner)) &&
      !closed &&
      last.ms > opened.ms &&
      !waits.some(({ watched, ms }) => ms > opened.ms && watched?.some((one) => one.fd === fd)) &&
      // Another thread may wait for it in a call that has not returned yet.
      !evidence.trace.some(
        ({ call, fd: other, ms }) => ms > opened.ms && other === fd && ['accept', 'recv', 'splice'].includes(call),
      ),
  );
  if (missing === undefined) return undefined;
  return {
    id: 'not-attached',
    text: `${nameOf(missing)} (${missing.fd}) is not among the descriptors that ${last.call}() watches, so ${last.call}() never reports it`,
    proof: [told(missing.opened), `no ${last.call}() with ${missing.fd} followed`],
    call: missing.opened,
  };
};

function nameOf({ kind }: Life): string {
  const names: Partial<Record<Life['kind'], string>> = {
    listener: 'the listening socket',
    client: "the client's socket",
    upstream: 'the upstream socket',
  };
  return names[kind] ?? '';
}

/** EPOLLONESHOT reports once. */
export const oneShot: Rule = ({ history }) => {
  for (const attach of attachments(history)) {
    if (!(Number(attach.args.events) & EPOLLONESHOT)) continue;
    const rearmed = history.calls.some(
      ({ call, fd, args, index }) =>
        call === 'epoll_ctl' && fd === attach.fd && args.operation === EPOLL_CTL_MOD && index > attach.index,
    );
    const reported = history.calls.find(
      ({ events, index }) => index > attach.index && events?.some(({ fd }) => fd === attach.fd),
    );
    if (rearmed || reported === undefined) continue;
    return {
      id: 'one-shot-not-rearmed',
      text: `descriptor ${attach.fd} was attached with EPOLLONESHOT: epoll reports it once, then never again until EPOLL_CTL_MOD arms it again`,
      proof: [toldBriefly(attach), `its one report came with ${toldBriefly(reported)}`],
      call: reported,
      functions: ['loopAttach', 'acceptConnection'],
    };
  }
  return undefined;
};

/** EPOLLET reports changes: a program that leaves bytes unread is not told of them again. */
export const edgeTriggered: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'missing-bytes', 'no-upstream-connection', 'too-few-upstream-connections')) return undefined;
  for (const attach of attachments(history)) {
    if (!(Number(attach.args.events) & (EPOLLET | 0))) continue;
    const life = history.lives.findLast(({ fd, opened }) => fd === attach.fd && opened.index < attach.index);
    if (life === undefined || life.closed) continue;
    const taken = history.calls.filter(
      ({ call, fd, result, index }) =>
        fd === attach.fd && index > attach.index && result > 0 && (call === 'accept' || call === 'recv'),
    );
    const last = taken.at(-1);
    if (last === undefined) continue;
    // A short read has drained the socket as well, provided that EPOLLRDHUP reports the end separately.
    const hearsEnd = (Number(attach.args.events) & EPOLLRDHUP) !== 0;
    const drained =
      (hearsEnd && last.call === 'recv' && last.result < Number(last.args.length)) ||
      history.calls.some(({ fd, errno, index }) => fd === attach.fd && index > last.index && errno === 'EAGAIN');
    if (drained) continue;
    const what =
      life.kind === 'listener' ? 'accept() was called once for each report' : 'recv() was called once for each report';
    return {
      id: 'edge-triggered-not-drained',
      text: `descriptor ${attach.fd} was attached with EPOLLET (report changes only), and ${what}: epoll does not report the bytes or clients that were left`,
      proof: [toldBriefly(attach), `the last time: ${told(last)}`],
      call: last,
      functions: ['loopAttach', 'loopRun', ...(life.kind === 'listener' ? [] : ['relay', 'goOn', 'moveBytes'])],
    };
  }
  return undefined;
};

export const listenerClosed: Rule = ({ history }) => {
  const listener = history.lives.find(({ kind, closed }) => kind === 'listener' && closed);
  if (listener?.closed === undefined || isAskedToEnd(history)) return undefined;
  return {
    id: 'listener-closed',
    text: 'the program closed its listening socket, so clients can no longer connect',
    proof: [told(listener.closed)],
    call: listener.closed,
    functions: ['acceptConnection'],
  };
};

export const closedSocketUsed: Rule = ({ history }) => {
  for (const call of history.calls) {
    if (call.errno !== 'EBADF' || call.fd < 0 || call.call === 'close') continue;
    const life = history.lives.findLast(({ fd, opened }) => fd === call.fd && opened.index < call.index);
    if (life?.closed === undefined || life.closed.index > call.index) continue;
    return {
      id: 'closed-socket-used',
      text: `descriptor ${call.fd} was used after it had been closed`,
      proof: [told(life.closed), told(call)],
      call,
      functions: ['acceptConnection', 'closePair', 'closeClient'],
    };
  }
  return undefined;
};

/** A client was accepted and closed at once: the program takes itself for full. */
export const turnedAway: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'too-few-upstream-connections', 'no-upstream-connection', 'client-dropped')) return undefined;
  const all = clients(history);
  const client = all.findLast((life) => life.closed && !life.partner && !triedToConnect(history, life.opened));
  if (client?.closed === undefined) return undefined;
  const there = all.filter(
    (life) => life.opened.index < client.opened.index && !(life.closed && life.closed.index < client.opened.index),
  ).length;
  const rows = client.opened.table?.length;
  const proof = [`${told(client.opened)}, then ${toldBriefly(client.closed)}, without a connect()`];
  if (rows !== undefined && rows > there + 2) {
    return {
      id: 'row-not-removed',
      text: `rows of clients that have left fill the route table: of its ${rows} rows only ${there} belong to clients that are connected`,
      proof,
      call: client.closed,
      functions: ['closePair'],
    };
  }
  return {
    id: 'turned-away',
    text: `the program accepted a client and closed it at once, as if there were no room, while ${there === 1 ? '1 other client was' : `${there} other clients were`} connected`,
    proof,
    call: client.closed,
    functions: ['acceptConnection', 'closePair'],
  };
};

/** epoll keeps reporting a waiting client, and the program does not accept it. */
export const knockIgnored: Rule = (facts: Facts) => {
  const { history } = facts;
  const listener = history.lives.find(({ kind }) => kind === 'listener');
  const ignored = history.ignoredEvents.get(listener?.fd ?? -1) ?? 0;
  const wait = history.calls.find(({ events }) =>
    events?.some(({ fd, events }) => fd === listener?.fd && events & EPOLLIN),
  );
  if (listener === undefined || wait === undefined || ignored < 3) return undefined;
  return {
    id: 'event-not-handled',
    text: `${wait.call} reported ${ignored} times that a client waits at the listening socket (${listener.fd}), and accept() was not called`,
    proof: [`${told(wait)}, ${where(wait)}`],
    call: wait,
    functions: ['loopRun'],
  };
};

/** Whether a client was accepted, as far as the outside shows: many programs have no trace. */
function acceptedOne({ state, timeline }: Evidence): boolean {
  const open = Object.entries(state?.connections ?? {}).some(([side, count]) => side.startsWith('client') && count > 0);
  return open || timeline.some(({ who, what }) => what === 'accepts' && who.startsWith('upstream'));
}

/** The kernel has completed the handshake, and the connection waits in the backlog. */
const neverAccepts: Rule = ({ evidence, history }) => {
  const queue = evidence.state?.queue ?? 0;
  const accepted = history.calls.some(({ call }) => call === 'accept') || acceptedOne(evidence);
  if (queue === 0 || accepted) return undefined;
  const last = history.unfinished ?? history.calls.at(-1);
  return {
    id: 'never-accepts',
    text: `the program listens, but has not called accept(): ${queue === 1 ? 'a connected client waits' : `${queue} connected clients wait`} in the kernel's queue`,
    proof: [
      `the queue of the listening socket holds ${queue}`,
      ...(last ? [`the last system call was ${toldBriefly(last)}`] : []),
    ],
    ...(last && { call: last }),
    functions: ['loopRun', 'acceptConnection'],
  };
};

export const acceptingRules: Rule[] = [
  connectsEarly,
  connectsTwice,
  upstreamWrongPort,
  upstreamWrongAddress,
  eventData,
  failedSocketUsed,
  closedSocketUsed,
  listenerClosed,
  inProgress,
  retriesForever,
  clientKept,
  oneShot,
  edgeTriggered,
  turnedAway,
  connectMissing,
  knockIgnored,
  notAttached,
  notPolled,
  neverAccepts,
];

export const phrases: Phrases = {
  'closed-socket-used': 'use[s] a descriptor after having closed it',
  'edge-triggered-not-drained': 'use[s] EPOLLET without reading until nothing is left',
  'event-data-wrong': 'attach[es] a descriptor with the number of another one',
  'event-not-handled': 'get[s] events from epoll_wait() and do[es] nothing about them',
  'listener-closed': 'close[s] the listening socket',
  'never-accepts': 'listen[s] but never call[s] accept()',
  'not-attached': 'never attach[es] a socket to the loop',
  'one-shot-not-rearmed': 'use[s] EPOLLONESHOT without arming it again',
  'row-not-removed': 'never remove[s] the row of a pair that has ended',
  'turned-away': 'close[s] clients at once, as if there were no room',
};
