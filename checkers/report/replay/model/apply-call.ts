/** Applies a system call to the picture. */
import { EPOLL_CTL_DEL, F_SETFL, MSG_PEEK, O_NONBLOCK, SOCK_NONBLOCK } from '../../../../linux/constants.ts';
import { throughPipe } from './pipes.ts';
import {
  addLane,
  changeEnd,
  changeLane,
  changeSocket,
  ensureEnd,
  type Lane,
  laneForUpstream,
  type Report,
  type Row,
  type Side,
  type Socket,
  type State,
  withSocket,
} from './state.ts';
import type { CallStep } from './steps.ts';

type Handler = (state: State, step: CallStep, result: number) => State;

/** Errors that do not change the connection. */
const HARMLESS = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

export function applyCall(state: State, called: CallStep): State {
  const traced = { ...withRows(state, called.rows), traced: true };
  const step = throughPipe(called, traced);
  const looped = { ...traced, loop: loopAfter(traced, { ...step, call: called.call }) };
  if (step.phase === 'begins') return step.call === 'connect' ? reachOut(looped, step) : looped;
  return handlers[step.call]?.(looped, step, step.result ?? -1) ?? looped;
}

const handlers: Record<string, Handler> = {
  socket: (state, step, result) => (result < 0 ? state : open(state, result, 'socket', isNonblocking(step.args.type))),
  epoll_create1: (state, _step, result) => (result < 0 ? state : open(state, result, 'epoll')),
  bind: (state, { fd, args }, result) => {
    return result === 0 && typeof args.port === 'number' ? changeSocket(state, fd, { port: args.port }) : state;
  },
  listen: (state, { fd }, result) => {
    if (result !== 0) return state;
    return changeSocket({ ...state, life: 'listening' }, fd, { kind: 'listener' });
  },
  accept,
  connect,
  recv,
  send,
  close,
  fcntl: (state, { fd, args }, result) => {
    if (result === -1 || args.operation !== F_SETFL) return state;
    return changeSocket(state, fd, { nonblocking: (Number(args.argument) & O_NONBLOCK) !== 0 });
  },
  epoll_ctl: (state, { fd, args }, result) => {
    if (result !== 0) return state;
    return changeSocket(state, fd, { watched: args.operation === EPOLL_CTL_DEL ? 0 : Number(args.events ?? -1) });
  },
};

function isNonblocking(type: number | string | undefined): boolean {
  return (Number(type ?? 0) & SOCK_NONBLOCK) !== 0;
}

/** The state of the loop after this step. */
function loopAfter(state: State, { call, phase, fd, place, result, events }: CallStep): State['loop'] {
  const { loop } = state;
  const fn = place?.fn ?? '';
  if (call === 'epoll_wait') {
    if (phase === 'begins') return { phase: 'waiting', call, fd, fn, batch: [] };
    const batch = (events ?? []).map((event): Report => ({ ...event, turn: 'due' }));
    return { phase: 'working', call, fd, fn, batch: result === -1 ? [] : batch };
  }
  const before = loop.phase === 'setup' || loop.phase === 'ended' ? 'setup' : 'working';
  return { phase: phase === 'begins' ? 'blocked' : before, call, fd, fn, batch: turnTo(loop.batch, fd) };
}

/** The program handles the events in order: a call on one of them means that the earlier ones are done. */
function turnTo(batch: Report[], fd: number): Report[] {
  const now = batch.findIndex((report) => report.fd === fd && report.turn !== 'done');
  if (now === -1 || batch[now]?.turn === 'now') return batch;
  return batch.map((report, index) => {
    if (index === now) return { ...report, turn: 'now' };
    return report.turn === 'now' || index < now ? { ...report, turn: 'done' } : report;
  });
}

function open(state: State, fd: number, kind: Socket['kind'], nonblocking = false): State {
  const generation = state.generations + 1;
  const counts = { watched: 0, pending: 0, received: 0, sent: 0 };
  return withSocket({ ...state, generations: generation }, { fd, generation, kind, nonblocking, ...counts });
}

function accept(state: State, _step: CallStep, fd: number): State {
  if (fd < 0) return state;
  const number = state.accepted + 1;
  const opened = open(ensureEnd({ ...state, accepted: number }, 'clients', number, addLane), fd, 'client');
  const lane = opened.clients[number]?.lane;
  return changeLane(changeSocket(opened, fd, { number, lane }), lane, { clientFd: fd, clientClosed: undefined });
}

/** The socket is connecting to an upstream: from now on it is on the right. */
function reachOut(state: State, { fd, args }: CallStep): State {
  const socket = state.sockets[fd];
  if (socket === undefined || socket.lane !== undefined) return state;
  // The upstream may have accepted it before the call returned: then its row exists already.
  const expected = state.upstreams[state.connected + 1]?.lane;
  const [next, lane] = expected === undefined ? laneForUpstream(state) : [state, expected];
  const where = {
    ...(typeof args.port === 'number' && { port: args.port }),
    ...(typeof args.address === 'string' && { address: args.address }),
  };
  const change = { upstreamFd: fd, upstreamClosed: undefined };
  return changeLane(changeSocket(next, fd, { kind: 'upstream', lane, ...where }), lane, change);
}

function connect(state: State, step: CallStep, result: number): State {
  const { fd, errno } = step;
  const reached = reachOut(state, step);
  const socket = reached.sockets[fd];
  if (socket === undefined || socket.number !== undefined) return reached;
  if (result !== 0 && errno !== 'EINPROGRESS') return changeSocket(reached, fd, { failed: errno ?? 'an error' });
  // Another server's port: a connection that the upstream never sees.
  if (reached.upstreamPort !== 0 && socket.port !== reached.upstreamPort) return reached;
  const number = reached.connected + 1;
  const counted = { ...reached, connected: number };
  const known = ensureEnd(counted, 'upstreams', number, (old) => [old, socket.lane ?? 0]);
  const which = reached.upstreamPort === 0 ? { port: socket.port } : {};
  const told = changeEnd(known, 'upstreams', number, (end) => ({ ...end, ...which }));
  return changeSocket(told, fd, { number, failed: undefined, ...(result !== 0 && { begun: true }) });
}

function recv(state: State, { fd, args, errno, head = '' }: CallStep, result: number): State {
  const socket = state.sockets[fd];
  if (socket === undefined || (Number(args.flags ?? 0) & MSG_PEEK) !== 0) return state;
  if (result === 0) return args.length === 0 ? state : changeSocket(state, fd, { ended: 'fin' });
  if (result < 0) return HARMLESS.has(errno ?? '') ? state : changeSocket(state, fd, { ended: 'rst' });
  const counted = { pending: socket.pending + result, received: socket.received + result };
  const next = changeSocket({ ...state, lastRead: { fd, head } }, fd, counted);
  return changeEnd(next, sideOf(socket), socket.number, (end) => ({ ...end, taken: end.taken + result }));
}

function send(state: State, { fd, errno, head = '' }: CallStep, result: number): State {
  const socket = state.sockets[fd];
  if (socket === undefined) return state;
  if (result < 0) return HARMLESS.has(errno ?? '') ? state : changeSocket(state, fd, { ended: 'rst' });
  const source = sourceOf(state, fd, head);
  const sent = changeSocket(state, fd, { sent: socket.sent + result });
  const given = changeEnd(sent, sideOf(socket), socket.number, (end) => ({ ...end, given: end.given + result }));
  const from = source === undefined ? undefined : given.sockets[source];
  return from === undefined ? given : changeSocket(given, from.fd, { pending: Math.max(0, from.pending - result) });
}

export function sideOf({ kind }: Socket): Side {
  return kind === 'client' ? 'clients' : 'upstreams';
}

/**
 * The descriptor whose bytes a send passes on. The trace does not have it, so this takes the last read descriptor if the
 * bytes begin alike, else the partner in the route table, else the last read descriptor.
 */
export function sourceOf(state: State, fd: number, head: string): number | undefined {
  const has = (candidate: number | undefined): boolean => (state.sockets[candidate ?? -1]?.pending ?? 0) > 0;
  const last = state.lastRead;
  if (last !== undefined && has(last.fd) && head !== '' && last.head === head) return last.fd;
  const partner = state.table
    ?.filter(({ fds }) => fds.includes(fd))
    .flatMap(({ fds }) => fds.filter((other) => other !== fd))
    .find(has);
  if (partner !== undefined) return partner;
  return has(last?.fd) ? last?.fd : undefined;
}

function close(state: State, { fd }: CallStep, result: number): State {
  const socket = state.sockets[fd];
  if (result !== 0 || socket === undefined) return state;
  const { [fd]: _closed, ...sockets } = state.sockets;
  const lane = state.lanes[socket.lane ?? 0];
  const rest = { ...state, sockets, open: state.open - 1 };
  if (lane?.clientFd === fd) return changeLane(rest, lane.id, { clientFd: undefined, clientClosed: true });
  if (lane?.upstreamFd === fd && cameToNothing(state, socket)) return takenBack(rest, lane);
  if (lane?.upstreamFd === fd) return changeLane(rest, lane.id, { upstreamFd: undefined, upstreamClosed: true });
  return rest;
}

/** Whether this socket has begun a handshake that the upstream has not seen. */
function cameToNothing({ upstreams, connected }: State, { number = 0, begun, sent, received }: Socket): boolean {
  const seen = upstreams[number]?.seen ?? true;
  return begun === true && !seen && sent === 0 && received === 0 && number === connected;
}

/** A failed attempt has no number among the upstream's connections; its client may get another upstream. */
function takenBack(state: State, { id, upstream = 0 }: Lane): State {
  const { [upstream]: _gone, ...upstreams } = state.upstreams;
  const free = { upstream: undefined, upstreamFd: undefined, upstreamClosed: undefined };
  return changeLane({ ...state, upstreams, connected: state.connected - 1 }, id, free);
}

/** Each row stores the sockets of its descriptors at the time of its creation, because descriptors are reused. */
function withRows(state: State, rows: number[][] | undefined): State {
  if (rows === undefined) return state;
  const before = new Map<string, Row[]>();
  for (const row of state.table ?? []) before.set(row.fds.join(), [...(before.get(row.fds.join()) ?? []), row]);
  const table = rows.map((fds): Row => {
    const old = before.get(fds.join())?.shift();
    return old ?? { fds, generations: fds.map((fd) => state.sockets[fd]?.generation ?? 0) };
  });
  return { ...state, table };
}
