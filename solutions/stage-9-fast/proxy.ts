/**
 * Stage 9: a fast TCP proxy. Clients, endings and signals work as before. What changes is how bytes travel, and how
 * many system calls that takes:
 *
 *     browser ---- connection socket --recv--> buffer --send--> upstream socket ---- server      little: two calls
 *     browser ==== connection socket ==splice==> pipe ==splice==> upstream socket ==== server    much: nothing is copied
 *
 * And with WORKERS=2 there are two such programs, on the same port.
 *
 * Lesson: docs/stage-9-fast.md. Every function returns -1 or false if a system call fails; what each call returns
 * is in its manual page and in the comments of linux/.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  accept4,
  bind,
  close,
  connect,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  F_SETPIPE_SZ,
  fcntl,
  getsockopt,
  IPPROTO_TCP,
  listen,
  O_CLOEXEC,
  O_NONBLOCK,
  pipe2,
  read_signal,
  recv,
  SFD_NONBLOCK,
  SHUT_WR,
  SO_ERROR,
  SO_LINGER,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK,
  send,
  setsockopt,
  shutdown,
  signalfd,
  sockaddr_in,
  socket,
  splice,
  strerror,
  TCP_NODELAY,
} from '#linux';

/** The port that clients connect to. */
export const PORT = Number(process.env.PORT ?? 8080);
/** The ports of the upstream servers, as in 3000,3001,3002. */
export const UPSTREAM_PORTS = (process.env.UPSTREAM_PORTS ?? process.env.UPSTREAM_PORT ?? '3000')
  .split(',')
  .map(Number);
/** How clients are shared out: 'round-robin', or 'least-connections'. */
export const BALANCE = process.env.BALANCE ?? 'round-robin';
/** The port that answers with the state of the upstreams. */
export const STATUS_PORT = Number(process.env.STATUS_PORT ?? 8081);
/** How long a failed upstream is passed over before a client tries it again, in ms. */
export const RETRY_AFTER_MS = Number(process.env.RETRY_AFTER_MS ?? 2000);
/** How long the handshake with an upstream server may take, in ms. */
export const CONNECT_TIMEOUT_MS = Number(process.env.CONNECT_TIMEOUT_MS ?? 5000);
/** How long a pair may be silent, in ms: ten minutes. */
export const IDLE_TIMEOUT_MS = Number(process.env.IDLE_TIMEOUT_MS ?? 600_000);
/** The precision of a pair's idle time, in ms. */
export const IDLE_SLACK_MS = IDLE_TIMEOUT_MS / 16;
/** How many processes share the port. */
export const WORKERS = Number(process.env.WORKERS ?? 1);
/** Whether bytes go through pipes: 'auto', where that is faster; 'always', where there are many; 'off', never. */
export const SPLICE = process.env.SPLICE ?? 'auto';
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 256;
/** How many clients we accept in a row before we serve the connected ones again. */
export const MAX_ACCEPTS = 64;
/** How many times in a row one direction moves bytes before others have their turn. */
export const MAX_MOVES = Number(process.env.MAX_MOVES ?? 16);
/** How long we stop accepting when descriptors have run out, in ms. */
export const PAUSE_MS = 500;

/** The size of the buffer at the start. */
export const FEW_BYTES = 16 * 1024;
/** A read of this many bytes suggests that more will come: those may get a pipe. */
export const MUCH_BYTES = 64 * 1024;
/** The largest size of the buffer. */
export const MAX_BYTES = 2 * 1024 * 1024;
/** The capacity that we ask for a pipe: by default the most that an ordinary user may have. */
export const PIPE_BYTES = 1024 * 1024;
/** How long a stream that brought much counts as busy, in ms. */
export const MOMENT_MS = 50;
/** How much to splice: a pipe counts pages, not bytes, so we ask for all that there is. */
export const ALL_THERE_IS = 2 ** 30;
/** How often we look for pipes that have fallen silent, in ms. */
export const PIPES_LOOK_MS = 500;
/** How many empty pipes we keep for later. */
export const SPARE_PIPES = 32;

/** The events that we ask for, once for each socket: every change, reported once. */
export const ALL_CHANGES = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/** One upstream server, and what we know of it. */
export interface Upstream {
  port: number;
  /** the same, as connect() wants it: made once, not for each client */
  address: Buffer;
  /** connections to it, with those whose handshake is under way */
  open: number;
  /** connections that it took, ever */
  total: number;
  /** connections that it did not take, ever */
  failed: number;
  /** 0: it is up; else it is down, and is passed over until this moment */
  retryAt: number;
}

/** The upstreams, in the order of UPSTREAM_PORTS. */
export const upstreams: Upstream[] = UPSTREAM_PORTS.map((port) => {
  return { port, address: sockaddr_in('127.0.0.1', port), open: 0, total: 0, failed: 0, retryAt: 0 };
});
/** Which of them each upstream socket leads to. */
export const upstreamOf = new Map<number, Upstream>();
/** Which upstreams have been tried for a client that is not linked yet, by its connection socket. */
export const tried = new Map<number, Set<Upstream>>();
/** Upstream sockets whose handshake failed in this batch: their clients are handed on when it is over. */
export const refused = new Set<number>();

/** What there is to know about a descriptor, a bit each: it leads to a client. */
export const CLIENT = 1;
/** It leads to an upstream server. */
export const UPSTREAM = 2;
/** Its handshake is still under way. */
export const CONNECTING = 4;
/** Something came from it while its peer was still connecting. */
export const EARLY = 8;
/** It brings no more bytes: the other end has finished its stream, and we have read to its end. */
export const ENDED = 16;
/** It took no more: bytes wait for it, in `waiting` or in its pipe, until EPOLLOUT. */
export const FULL = 32;
/** Its bytes come through a pipe. */
export const PIPED = 64;
/** It has more to bring, but others had to have their turn. */
export const INTERRUPTED = 128;
/** Its peer cannot take its bytes yet, and epoll is not to tell us of more. */
export const MUTED = 256;
/** Since we last looked at the pipes, nothing has come for it. */
export const SILENT = 512;

/** Indexed by descriptor: the other socket of its pair; -1: this descriptor belongs to no pair. */
export let routeTable = new Int32Array(1024).fill(-1);
/** Indexed by descriptor: the bits from above. */
export let facts = new Uint16Array(1024);
/** How many clients are connected. */
let clients = 0;

/** Upstream sockets whose handshake is still under way, and since when: the one that began first stands first. */
export const connecting = new Map<number, number>();
/** When each pair last did something, give or take IDLE_SLACK_MS, by its client's socket: the longest silent one first. */
export const lastActive = new Map<number, number>();
/** Bytes that send() did not take yet, by the socket that they are for. */
export const waiting = new Map<number, Buffer>();
/** Sockets that were INTERRUPTED, in this order. */
let interrupted: number[] = [];

/** Both ends of a pipe, and how many bytes it holds. */
export interface Pipe {
  out: number;
  into: number;
  filled: number;
}
/** The pipe that bytes come through, by the socket that they are for. */
export const pipes = new Map<number, Pipe>();
/** Pipes that are not in use; all are empty. */
export const sparePipes: Pipe[] = [];
/** When we last looked at those in use. */
let pipesSeen = -Infinity;

/** Another process on our port: the descriptor that we close to tell it to end, and its process id. */
export interface Worker {
  lifeline: number;
  pid: number;
}
/** The processes that we have started, by the descriptor that tells us of their end. */
export const workers = new Map<number, Worker>();
/** Whether we are such a process ourselves. Then our standard input tells us when it is time to end. */
export const IS_WORKER = process.env.WORKER !== undefined;

/** struct linger { on, 0 seconds }: close() drops what is unsent and sends RST, where it would have sent FIN. */
const RESET_ON_CLOSE = Buffer.from('0100000000000000', 'hex');

/** Index in `upstreams` of the one whose turn it is. */
let turn = 0;

/** The listening sockets for clients and status requests, the signals, and the epoll instance: set once, in main. */
let listenSockFd = -1;
let statusSockFd = -1;
let signalFd = -1;
let epollFd = -1;

/** With no descriptors left for new clients, we stop accepting until this moment. Infinity: we accept. */
let pauseEnds = Infinity;
/** We were asked to end: we accept what is in the backlog, and exit when the last pair has closed. */
let draining = false;
/** The time of this round of the loop: reading the clock for every event would cost a call for every event. */
let now = performance.now();

/** Bytes on their way through. The buffer grows when a read fills it. */
let buffer = Buffer.alloc(FEW_BYTES);
/** The socket that it last held much for, and when that was. */
let lastToFd = -1;
let lastMuch = -Infinity;

/** Creates a TCP socket whose calls never wait: what cannot be done now fails with EAGAIN or EINPROGRESS. */
export function createSocket(): number {
  return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

/** Creates a listening socket and returns it. */
export function createServer(address: string, port: number): number {
  const sockFd = createSocket();
  if (sockFd === -1) die('socket');

  // After a restart the kernel still remembers the old connections for a minute (TIME_WAIT). Without this option it
  // would keep the port from us for as long.
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');
  // Not for one alone: then a second proxy that was started by mistake would get half of our clients.
  if (WORKERS > 1 && port === PORT) sharePort(sockFd);
  // What we send is sent at once. Accepted sockets inherit this, which saves a call for each.
  if (setsockopt(sockFd, IPPROTO_TCP, TCP_NODELAY, 1) === -1) die('setsockopt');

  if (bind(sockFd, sockaddr_in(address, port)) === -1) {
    console.error(`proxy: port ${port} cannot be had`);
    die('bind');
  }
  if (listen(sockFd, SOMAXCONN) === -1) die('listen');
  return sockFd;
}

/** Creates an epoll instance and returns its descriptor. */
export function createLoop(): number {
  const loopFd = epoll_create1(0);
  if (loopFd === -1) die('epoll_create1');
  return loopFd;
}

/** Tells epoll to watch fd for these events. */
export function loopAttach(epollFd: number, fd: number, events: number): void {
  // The kernel returns `data` with every event. We put the descriptor in it: nothing else says which socket it is for.
  if (epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, { events, data: { fd } }) === -1) die('epoll_ctl');
}

/** Tells epoll to watch fd, which it knows already, for other events from now on. */
export function loopChange(epollFd: number, fd: number, events: number): void {
  if (epoll_ctl(epollFd, EPOLL_CTL_MOD, fd, { events, data: { fd } }) === -1) die('epoll_ctl');
}

/** Waits for events, for ever, and passes each to its handler. */
export function loopRun(epollFd: number): void {
  const events: EpollEvent[] = [];
  while (true) {
    // We do not wait while an interrupted socket has more to bring.
    const readyN = epoll_wait(epollFd, events, MAX_EVENTS, interrupted.length > 0 ? 0 : untilDeadline());
    if (readyN === -1) {
      // A signal, such as Ctrl-Z and fg, interrupts the wait. That is no failure: wait again.
      if (errno() === 'EINTR') continue;
      die('epoll_wait');
    }
    now = performance.now();
    let knocked = false;
    for (let i = 0; i < readyN; i += 1) {
      const event = events[i] as EpollEvent;
      const fd = event.data.fd;
      if (fd === listenSockFd) knocked = true;
      else if (isConnSock(fd)) handleClient(fd, event.events);
      else if (isUpstreamSock(fd)) handleUpstream(fd, event.events);
      else if (fd === statusSockFd) answerStatus(fd);
      else if (fd === signalFd) handleSignals(fd);
      else if (workers.has(fd)) workerEnded(fd);
      else if (fd === 0 && IS_WORKER) leaderEnded();
      // None of them: an earlier event of this same batch closed the pair that this one belongs to. Nothing left to do.
    }
    goOn();
    // New sockets come last: one may get the number of a socket that was closed a moment ago, and an event of this batch
    // that is meant for the old one must not meet the new one. That goes for clients that are handed on, too.
    for (const upstreamSockFd of refused) handOn(upstreamSockFd);
    const isDoorOpen = listenSockFd !== -1 && pauseEnds === Infinity;
    if (isDoorOpen && (knocked || draining) && acceptConnections(listenSockFd) && draining) closeListener();
    closeOverdue();
    if (draining && listenSockFd === -1 && clients === 0 && workers.size === 0) process.exit(0);
  }
}

/** Accepts waiting clients: true when the backlog is empty, false when some may be left in it. */
export function acceptConnections(listenSockFd: number): boolean {
  // Connected clients must not wait until the last of a crowd is accepted. Clients that are still in the backlog are
  // reported again by the next epoll_wait: the listening socket is level-triggered.
  for (let acceptN = 0; acceptN < MAX_ACCEPTS; acceptN += 1) {
    const connSockFd = accept4(listenSockFd, null, null, SOCK_NONBLOCK);
    if (connSockFd !== -1) {
      linkClient(connSockFd);
      continue;
    }
    // EAGAIN: the backlog is empty. This loop nearly always ends here.
    if (errno() === 'EAGAIN') return true;
    acceptFailed();
    return false;
  }
  return false;
}

/** A client was accepted: begins to link it to an upstream connection of its own. */
export function linkClient(connSockFd: number): void {
  makeRoom(connSockFd);
  facts[connSockFd] = CLIENT;
  clients += 1;
  tried.set(connSockFd, new Set());
  if (!linkUpstream(connSockFd)) {
    closeClient(connSockFd);
    return;
  }
  // The client comes after its upstream socket: of two events, epoll reports the older one first, so "connected" comes
  // before the client's first bytes.
  watch(connSockFd);
}

/** Begins to link a client to an upstream that it has not tried yet; false if there is none left. */
export function linkUpstream(connSockFd: number): boolean {
  const triedSoFar = tried.get(connSockFd) ?? new Set();
  for (let next = chooseUpstream(triedSoFar); next !== undefined; next = chooseUpstream(triedSoFar)) {
    triedSoFar.add(next);
    const upstreamSockFd = connectUpstream(next);
    if (upstreamSockFd === -1) continue;

    makeRoom(upstreamSockFd);
    facts[upstreamSockFd] = UPSTREAM | CONNECTING;
    connecting.set(upstreamSockFd, now);
    countIn(upstreamSockFd, next);
    routeTable[connSockFd] = upstreamSockFd;
    routeTable[upstreamSockFd] = connSockFd;
    watch(upstreamSockFd);
    return true;
  }
  return false;
}

/** Tells epoll to watch a socket of a pair, for all changes: the only time that epoll is told anything about it. */
export function watch(fd: number): void {
  // TODO 9.1.1: attach fd to the loop for ALL_CHANGES.
  // region 9.1.1
  loopAttach(epollFd, fd, ALL_CHANGES);
  // endregion
}

/** The upstream for a client's next attempt; undefined if it has tried them all. */
export function chooseUpstream(triedSoFar: Set<Upstream>): Upstream | undefined {
  // Nearly always they are all up, and this is the client's first attempt.
  const allAreUp = triedSoFar.size === 0 && upstreams.every(({ retryAt }) => retryAt === 0);
  const candidates = allAreUp ? upstreams : worthATry(triedSoFar);
  return nextInTurn(BALANCE === 'least-connections' ? withFewest(candidates) : candidates);
}

/** The first of these from the one on whose turn it is; the turn goes on to the one behind it. undefined: there is none. */
export function nextInTurn(candidates: Upstream[]): Upstream | undefined {
  for (let step = 0; step < upstreams.length; step += 1) {
    const place = (turn + step) % upstreams.length;
    const upstream = upstreams[place];
    if (upstream === undefined || !candidates.includes(upstream)) continue;
    turn = (place + 1) % upstreams.length;
    return upstream;
  }
  return undefined;
}

/** Those of the candidates that have the fewest open connections: one, or several that have equally few. */
export function withFewest(candidates: Upstream[]): Upstream[] {
  const fewest = Math.min(...candidates.map(({ open }) => open));
  return candidates.filter(({ open }) => open === fewest);
}

/** Makes the two tables long enough for this descriptor. */
export function makeRoom(fd: number): void {
  if (fd < routeTable.length) return;
  const [oldRoutes, oldFacts] = [routeTable, facts];
  routeTable = new Int32Array(2 * fd).fill(-1);
  routeTable.set(oldRoutes);
  facts = new Uint16Array(2 * fd);
  facts.set(oldFacts);
}

/** Whether this is one of the things that we know about a descriptor. */
export function is(fd: number, fact: number): boolean {
  return ((facts[fd] ?? 0) & fact) !== 0;
}

export function mark(fd: number, fact: number): void {
  facts[fd] = (facts[fd] ?? 0) | fact;
}

export function unmark(fd: number, fact: number): void {
  facts[fd] = (facts[fd] ?? 0) & ~fact;
}

/** Begins to open a connection to an upstream; returns its socket, or -1 where that failed at once. */
export function connectUpstream(upstream: Upstream): number {
  const upstreamSockFd = createSocket();
  // Not the upstream's fault: we are out of descriptors.
  if (upstreamSockFd === -1) return -1;
  setsockopt(upstreamSockFd, IPPROTO_TCP, TCP_NODELAY, 1);
  // One client tries an upstream that is down: until the result is known, all other clients pass it over.
  if (upstream.retryAt !== 0) upstream.retryAt = now + RETRY_AFTER_MS;
  // EINPROGRESS is the usual answer, and good news: the handshake has begun.
  if (connect(upstreamSockFd, upstream.address) === -1 && errno() !== 'EINPROGRESS') {
    console.error(`connect: port ${upstream.port}: ${strerror(errno())}`);
    markDown(upstream);
    // No list contains this descriptor yet, so no other code would ever close it.
    close(upstreamSockFd);
    return -1;
  }
  return upstreamSockFd;
}

/** A connection to an upstream is being opened: counts it, from this moment on. */
export function countIn(upstreamSockFd: number, upstream: Upstream): void {
  upstreamOf.set(upstreamSockFd, upstream);
  upstream.open += 1;
}

/** An upstream socket is about to be closed: counts it no longer. */
export function countOut(upstreamSockFd: number): void {
  const upstream = upstreamOf.get(upstreamSockFd);
  if (upstream !== undefined) upstream.open -= 1;
  upstreamOf.delete(upstreamSockFd);
}

/** A status request: answers with the state of the upstreams, and closes the connection. */
export function answerStatus(statusSockFd: number): void {
  const sockFd = accept4(statusSockFd, null, null, SOCK_NONBLOCK);
  if (sockFd === -1) {
    if (errno() !== 'EAGAIN') acceptFailed();
    return;
  }
  // Its send buffer is empty, so there is room for a line.
  const line = Buffer.from(`${statusLine()}\n`);
  send(sockFd, line, line.length, 0);
  close(sockFd);
}

/** The state of the upstreams, in one line: 3000 up open=2 total=17 failed=0; 3001 down open=0 total=9 failed=3 */
export function statusLine(): string {
  return upstreams
    .map(({ port, open, total, failed, retryAt }) => {
      return `${port} ${retryAt === 0 ? 'up' : 'down'} open=${open} total=${total} failed=${failed}`;
    })
    .join('; ');
}

/** Upstreams that a client may still try: those that are up, or due for another try; else any that are left. */
export function worthATry(triedSoFar: Set<Upstream>): Upstream[] {
  const left = upstreams.filter((upstream) => !triedSoFar.has(upstream));
  const up = left.filter(({ retryAt }) => retryAt <= now);
  // The others were down a while ago, and may be up by now: better try one of those than send the client away.
  return up.length > 0 ? up : left;
}

/** An upstream did not take a connection: passes it over for a while. */
export function markDown(upstream: Upstream): void {
  upstream.failed += 1;
  upstream.retryAt = now + RETRY_AFTER_MS;
}

/** An upstream that was down has taken a connection: gives it its share again. */
export function markUp(upstream: Upstream): void {
  upstream.retryAt = 0;
}

/** An upstream did not take a client: hands the client on to another one, or lets it go if that was the last. */
export function handOn(upstreamSockFd: number): void {
  const connSockFd = findMatchingConn(upstreamSockFd);
  const upstream = upstreamOf.get(upstreamSockFd);
  if (upstream !== undefined) markDown(upstream);
  // Closed first, so that its descriptor is free for the next attempt.
  closeUpstream(upstreamSockFd);
  if (!linkUpstream(connSockFd)) closeClient(connSockFd);
}

/** An upstream refused the connection: says why, and notes that the client is to be handed on. */
export function connectFailed(upstreamSockFd: number): void {
  connecting.delete(upstreamSockFd);
  const error = Buffer.alloc(4);
  if (getsockopt(upstreamSockFd, SOL_SOCKET, SO_ERROR, error) === -1) die('getsockopt');
  console.error(`connect: port ${upstreamOf.get(upstreamSockFd)?.port}: ${strerror(error.readInt32LE())}`);
  refused.add(upstreamSockFd);
}

/** An upstream took the connection: lets through what the client has said so far; false if that breaks. */
export function finishConnect(upstreamSockFd: number): boolean {
  const connSockFd = findMatchingConn(upstreamSockFd);
  const upstream = upstreamOf.get(upstreamSockFd);
  connecting.delete(upstreamSockFd);
  unmark(upstreamSockFd, CONNECTING);
  tried.delete(connSockFd);
  if (upstream !== undefined) {
    upstream.total += 1;
    if (upstream.retryAt !== 0) markUp(upstream);
  }
  // TODO 9.1.2: if the client is EARLY, relay what it has said so far, certain that there is something; false if
  // that breaks. If it is not: true.
  // region 9.1.2
  // What the client has said so far was a change, too, and we have heard of it for the first and last time.
  return !is(connSockFd, EARLY) || relay(connSockFd, upstreamSockFd, true);
  // endregion
}

/** Notes that a pair is active: its idle time begins anew. */
function touch(connSockFd: number): void {
  // A pair that was touched a moment ago stays where it is: most events then cost one lookup.
  const since = lastActive.get(connSockFd);
  if (since !== undefined && now - since < IDLE_SLACK_MS) return;
  // A Map keeps insertion order: a key that is deleted and set again moves to the end.
  lastActive.delete(connSockFd);
  lastActive.set(connSockFd, now);
}

/** How long epoll_wait() may wait, in ms: until there is something to do at that time; -1: for ever. */
export function untilDeadline(): number {
  const [handshake = Infinity] = connecting.values();
  const [silence = Infinity] = lastActive.values();
  const silentPipes = pipes.size > 0 ? pipesSeen + PIPES_LOOK_MS : Infinity;
  const next = Math.min(
    handshake + CONNECT_TIMEOUT_MS,
    silence + IDLE_TIMEOUT_MS + IDLE_SLACK_MS,
    silentPipes,
    pauseEnds,
  );
  if (next === Infinity) return -1;
  // Rounded up, or the loop would spin for the last fraction of a millisecond; and no more than fits a C int.
  return Math.min(Math.max(0, Math.ceil(next - performance.now())), 2 ** 31 - 1);
}

/** Hands on clients whose handshake takes too long, closes pairs that are silent for too long, and ends a pause. */
export function closeOverdue(): void {
  if (pauseEnds <= now) resumeListening();
  if (pipes.size > 0 && pipesSeen + PIPES_LOOK_MS <= now) collectPipes();
  for (const [upstreamSockFd, since] of connecting) {
    // They are in order: no later one has waited longer.
    if (since + CONNECT_TIMEOUT_MS > now) break;
    handOn(upstreamSockFd);
  }
  for (const [connSockFd, since] of lastActive) {
    if (since + IDLE_TIMEOUT_MS + IDLE_SLACK_MS > now) break;
    closePair(connSockFd, findMatchingUpstream(connSockFd));
  }
}

/** Whether fd leads to a client. */
export function isConnSock(fd: number): boolean {
  return is(fd, CLIENT);
}

/** Whether fd leads to an upstream server. */
export function isUpstreamSock(fd: number): boolean {
  return is(fd, UPSTREAM);
}

/** The upstream socket that belongs to a client's connection socket; -1 if there is none. */
export function findMatchingUpstream(connSockFd: number): number {
  return routeTable[connSockFd] ?? -1;
}

/** The connection socket of the client that an upstream socket was opened for; -1 if there is none. */
export function findMatchingConn(upstreamSockFd: number): number {
  return routeTable[upstreamSockFd] ?? -1;
}

/** Sends as many of these bytes as there is room for: returns how many, perhaps 0; -1 where the connection is gone. */
export function sendSome(sockFd: number, bytes: Buffer, length: number): number {
  const n = send(sockFd, bytes, length, 0);
  if (n !== -1) return n;
  // EAGAIN: the kernel's send buffer is full. That is no failure, and trying again at once would find it as full.
  if (errno() === 'EAGAIN') return 0;
  // EINTR: interrupted before it had looked. There was no EAGAIN, so no event will follow: we have to try again.
  return errno() === 'EINTR' ? sendSome(sockFd, bytes, length) : -1;
}

/**
 * Passes on what has arrived on one socket of a pair, until nothing is left, nothing more fits, or it is the others' turn.
 *
 * @param certain whether to read until the kernel says that there is nothing left: an end may be behind the bytes
 * @returns false if a connection broke
 */
export function relay(fromFd: number, toFd: number, certain: boolean): boolean {
  // TODO 9.1.3: move at most MAX_MOVES times: with movePages where toFd is PIPED (milestone 2), with moveBytes
  // otherwise. They return 1: there may be more, go on; 0: nothing more, true; -1: broken, false. After MAX_MOVES it is
  // the others' turn: interrupt fromFd, and true.
  // region 9.1.3
  for (let moveN = 0; moveN < MAX_MOVES; moveN += 1) {
    const moved = is(toFd, PIPED) ? movePages(fromFd, toFd) : moveBytes(fromFd, toFd, certain);
    if (moved !== 1) return moved === 0;
  }
  interrupt(fromFd);
  return true;
  // endregion
}

/** It is the others' turn; but what is left here is no change, so epoll will not tell us of it again. */
export function interrupt(fd: number): void {
  // TODO 9.1.4: mark fd as INTERRUPTED, and put it at the end of `interrupted`; but only once.
  // region 9.1.4
  if (is(fd, INTERRUPTED)) return;
  mark(fd, INTERRUPTED);
  interrupted.push(fd);
  // endregion
}

/** All sockets have had their turn: the interrupted ones go on. */
export function goOn(): void {
  const list = interrupted;
  if (list.length === 0) return;
  interrupted = [];
  for (const fd of list) {
    // TODO 9.1.5: if it is still INTERRUPTED (its pair may have been closed since then), take that mark away, and relay
    // from it to its peer in routeTable, certain. Reset the pair if that breaks.
    // region 9.1.5
    // Its pair may have been closed since then.
    if (!is(fd, INTERRUPTED)) continue;
    unmark(fd, INTERRUPTED);
    const peerFd = routeTable[fd] ?? -1;
    if (!relay(fd, peerFd, true)) resetPair(fd, peerFd);
    // endregion
  }
}

/** One recv and one send: returns 1 if there may be more to move, 0 if not, -1 where a connection broke. */
export function moveBytes(fromFd: number, toFd: number, certain: boolean): number {
  if (is(toFd, FULL)) {
    const flushed = flush(toFd);
    if (flushed !== 1) return flushed;
  }
  if (is(fromFd, ENDED)) return 0;
  // TODO 9.1.6: recv into the buffer; if that brings nothing (0 or -1), return what nothingRead says. Send it on with
  // sendSome: -1 where that breaks; keepRest and 0 if not all of it was taken. A read that filled the buffer, or
  // brought MUCH_BYTES, is one for muchComes. Return 1 if the buffer was full, or if `certain`; else 0: the socket is
  // empty.
  // region 9.1.6
  const readN = recv(fromFd, buffer, buffer.length, 0);
  if (readN <= 0) return nothingRead(fromFd, toFd, readN);

  const sentN = sendSome(toFd, buffer, readN);
  if (sentN === -1) return -1;
  if (sentN < readN) {
    keepRest(toFd, buffer.subarray(sentN, readN));
    return 0;
  }
  const wasFull = readN === buffer.length;
  if (wasFull || readN >= MUCH_BYTES) muchComes(toFd, readN);
  // Fewer bytes than there was room for: the socket is empty, and what comes next is a change. That saves the recv which
  // would only have said EAGAIN.
  return certain || wasFull ? 1 : 0;
  // endregion
}

/** A read brought no bytes: nothing is there yet (0), the stream has ended (0), or the connection broke (-1). */
export function nothingRead(fromFd: number, toFd: number, readN: number): number {
  if (readN === 0) {
    endStream(fromFd, toFd);
    return 0;
  }
  // The call was interrupted before it had looked, and epoll will not ask us to look again.
  if (errno() === 'EINTR') return 1;
  if (errno() !== 'EAGAIN') return -1;
  unmute(fromFd);
  return 0;
}

/** One side has finished: tells the other, which may go on sending for as long as it likes. */
export function endStream(fromFd: number, toFd: number): void {
  // We read fromFd only while nothing waits for toFd. So all bytes are on their way, and the FIN goes behind them.
  mark(fromFd, ENDED);
  if (is(toFd, PIPED)) givePipeBack(toFd);
  if (!is(toFd, ENDED)) shutdown(toFd, SHUT_WR);
  // Both have finished.
  else closePair(fromFd, toFd);
}

/** Keeps what send() did not take. Nothing is read from its peer until it is gone. */
export function keepRest(toFd: number, rest: Buffer): void {
  // A copy: `rest` is only a view of the buffer, which the next event will overwrite.
  waiting.set(toFd, Buffer.from(rest));
  mark(toFd, FULL);
}

/** Sends what waits for a socket: returns 1 if all of it is gone, 0 if not, -1 where the connection is gone. */
export function flush(toFd: number): number {
  const rest = waiting.get(toFd) as Buffer;
  const sentN = sendSome(toFd, rest, rest.length);
  if (sentN === -1) return -1;
  if (sentN < rest.length) {
    waiting.set(toFd, rest.subarray(sentN));
    return 0;
  }
  waiting.delete(toFd);
  unmark(toFd, FULL);
  unmute(routeTable[toFd] ?? -1);
  return 1;
}

/** A read brought much: what comes next has a larger buffer; and once it is really much, where we can have one, a pipe. */
export function muchComes(toFd: number, readN: number): void {
  if (readN >= MUCH_BYTES && isPipeFaster(toFd) && takePipe(toFd)) return;
  // TODO 9.1.7: if the read filled the buffer, replace the buffer by one of twice its size, up to MAX_BYTES.
  // region 9.1.7
  // One buffer serves all, so it grows for all, and once: it is twice as large each time that a read has filled it.
  if (readN === buffer.length && buffer.length < MAX_BYTES) buffer = Buffer.alloc(2 * buffer.length);
  // endregion
}

/** Whether the many bytes for a socket are better off in a pipe than in the buffer. */
export function isPipeFaster(toFd: number): boolean {
  // As measured: one stream alone is faster through a large buffer, several are faster through pipes. There are several
  // if another socket has a pipe, or had much in the buffer a moment ago.
  const others = pipes.size > 0 || (toFd !== lastToFd && now - lastMuch < MOMENT_MS);
  lastToFd = toFd;
  lastMuch = now;
  return SPLICE === 'always' || (SPLICE === 'auto' && others);
}

/** Something happened on a client's socket. */
export function handleClient(connSockFd: number, events: number): void {
  const upstreamSockFd = findMatchingUpstream(connSockFd);
  if (is(upstreamSockFd, CONNECTING)) {
    // TODO 9.1.8: reset the pair if the client is gone (EPOLLERR). Otherwise mark it as EARLY: epoll will not tell
    // us again.
    // region 9.1.8
    // There is nowhere to send bytes yet, so we leave them in the kernel, where they are safe.
    if (events & EPOLLERR) resetPair(connSockFd, upstreamSockFd);
    else mark(connSockFd, EARLY);
    // endregion
    return;
  }
  touch(connSockFd);
  if (!handleEvents(connSockFd, upstreamSockFd, events)) resetPair(connSockFd, upstreamSockFd);
}

/** Something happened on an upstream socket: the handshake is over, or bytes have come, or there is room for some. */
export function handleUpstream(upstreamSockFd: number, events: number): void {
  const connSockFd = findMatchingConn(upstreamSockFd);
  if (is(upstreamSockFd, CONNECTING)) {
    // epoll says that it failed: no need to ask for SO_ERROR after each success.
    if (events & (EPOLLERR | EPOLLHUP)) {
      connectFailed(upstreamSockFd);
      return;
    }
    if (!finishConnect(upstreamSockFd)) {
      resetPair(connSockFd, upstreamSockFd);
      return;
    }
  }
  touch(connSockFd);
  if (!handleEvents(upstreamSockFd, connSockFd, events)) resetPair(connSockFd, upstreamSockFd);
}

/** Does what the changes of one socket of a pair ask for; false if the connection broke. */
export function handleEvents(fd: number, peerFd: number, events: number): boolean {
  unmark(peerFd, SILENT);
  // The peer cannot take these bytes yet. Each segment behind them is a change, too, and would wake us in vain.
  if (is(peerFd, FULL) && !is(fd, FULL) && (events & ~(EPOLLIN | EPOLLOUT)) === 0) {
    mute(fd);
    return true;
  }
  // TODO 9.1.9: EPOLLOUT, and fd is FULL: there is room again, so relay from its peer to it, certain. (That may have
  // ended the pair: then routeTable does not lead from fd to peerFd any more, and all is done.) EPOLLIN, or one of
  // EPOLLRDHUP, EPOLLHUP and EPOLLERR: relay from fd to its peer, certain if it is one of those three. false if a
  // relay breaks.
  // region 9.1.9
  // There is room again. epoll has already reported what its peer brought meanwhile, so we have to look.
  if (events & EPOLLOUT && is(fd, FULL) && !relay(peerFd, fd, true)) return false;
  // That may have been the last thing that this pair was waiting for.
  if (routeTable[fd] !== peerFd) return true;

  // Bytes, the end, or a broken connection: reading tells which. Behind EPOLLRDHUP and EPOLLHUP no change will come.
  const certain = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) !== 0;
  if ((events & EPOLLIN || certain) && !relay(fd, peerFd, certain)) return false;
  // endregion
  // The connection broke, and its last bytes have to wait for a peer that may never read them: give up.
  return !(events & EPOLLERR && routeTable[fd] === peerFd && is(peerFd, FULL));
}

/** Hears no more of the bytes that come from a socket, until its peer has taken what there is. */
export function mute(fd: number): void {
  // Only once: epoll answers each loopChange() with the current state, for example that there is room.
  if (is(fd, MUTED)) return;
  mark(fd, MUTED);
  loopChange(epollFd, fd, ALL_CHANGES & ~EPOLLIN);
}

/** Hears of bytes from a socket again. What has come meanwhile is reported at once. */
export function unmute(fd: number): void {
  if (!is(fd, MUTED)) return;
  unmark(fd, MUTED);
  loopChange(epollFd, fd, ALL_CHANGES);
}

/** Ends a broken pair with RST, so that the other side sees what we saw. */
export function resetPair(oneFd: number, otherFd: number): void {
  setsockopt(oneFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  setsockopt(otherFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  closePair(oneFd, otherFd);
}

/** Ends a pair: forgets both sockets and their rows, and closes both. */
export function closePair(oneFd: number, otherFd: number): void {
  const [connSockFd, upstreamSockFd] = isConnSock(oneFd) ? [oneFd, otherFd] : [otherFd, oneFd];
  // Closing only the side that ended would leave the other one waiting for ever.
  closeUpstream(upstreamSockFd);
  closeClient(connSockFd);
}

/** Forgets a client's socket, and closes it. */
export function closeClient(connSockFd: number): void {
  lastActive.delete(connSockFd);
  tried.delete(connSockFd);
  clients -= 1;
  forget(connSockFd);
  close(connSockFd);
  if (pauseEnds !== Infinity) resumeListening();
}

/** Forgets an upstream socket, and closes it. */
export function closeUpstream(upstreamSockFd: number): void {
  connecting.delete(upstreamSockFd);
  refused.delete(upstreamSockFd);
  countOut(upstreamSockFd);
  forget(upstreamSockFd);
  close(upstreamSockFd);
}

/** What both sides have in common. */
function forget(fd: number): void {
  // Forget first. The moment a descriptor is closed, the kernel may give its number to a new client, and what is left
  // behind here would be applied to that one. epoll forgets closed descriptors by itself.
  waiting.delete(fd);
  if (is(fd, PIPED)) givePipeBack(fd);
  routeTable[fd] = -1;
  facts[fd] = 0;
}

/** accept4 failed: finds out whether that concerns one client or all of them. */
export function acceptFailed(): void {
  // ECONNABORTED: this client is gone. EINTR: a signal came. The next epoll_wait tells whether other clients wait.
  if (errno() === 'ECONNABORTED' || errno() === 'EINTR') return;

  // EMFILE, ENFILE, …: no descriptors are left. Clients stay in the backlog, so epoll_wait would return at once,
  // again and again.
  console.error(`accept4: ${strerror(errno())}`);
  pauseListening();
}

/** Stops accepting for PAUSE_MS: new clients wait in the kernel's queue. */
export function pauseListening(): void {
  listenFor(0);
  pauseEnds = now + PAUSE_MS;
}

/** Accepts again: PAUSE_MS have passed, or a closed pair has freed two descriptors. */
export function resumeListening(): void {
  listenFor(EPOLLIN);
  pauseEnds = Infinity;
}

/** Sets what epoll reports of the listening sockets. Only the first process has one for status requests. */
function listenFor(events: number): void {
  loopChange(epollFd, listenSockFd, events);
  if (statusSockFd !== -1) loopChange(epollFd, statusSockFd, events);
}

/** Makes SIGTERM an event of the loop, and returns the descriptor that it comes out of. */
export function createSignals(): number {
  const sigFd = signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  if (sigFd === -1) die('signalfd');
  return sigFd;
}

/** Signals have come: the first one asks us to finish our work and end, a second one to end at once. */
export function handleSignals(signalFd: number): void {
  for (let name = read_signal(signalFd); name !== ''; name = read_signal(signalFd)) {
    if (draining) {
      for (const { pid } of workers.values()) process.kill(pid, 'SIGKILL');
      process.exit(1);
    }
    startDraining();
  }
}

/** Begins to end: loopRun accepts the clients in the backlog, no others, and exits when the last pair has closed. */
export function startDraining(): void {
  console.log(`proxy: asked to end, ${clients} clients to go`);
  // Clients in the kernel's queue have finished their handshake, and may have sent bytes: to them, we have accepted. So
  // the listening socket stays open until accept4 says that the queue is empty. Then loopRun closes it.
  draining = true;
  if (workers.size > 0) tellWorkers();
}

/** Closes both listening sockets: the kernel then refuses new connections, and our successor may bind the ports. */
export function closeListener(): void {
  close(listenSockFd);
  if (statusSockFd !== -1) close(statusSockFd);
  listenSockFd = -1;
  statusSockFd = -1;
}

/** Gives the bytes for a socket a pipe; false if none is available. */
export function takePipe(toFd: number): boolean {
  // TODO 9.2.1: take a spare pipe, or create one; false if there is none. Put it into `pipes` for toFd, and mark
  // toFd as PIPED.
  // region 9.2.1
  const pipe = sparePipes.pop() ?? createPipe();
  if (pipe === undefined) return false;
  pipes.set(toFd, pipe);
  mark(toFd, PIPED);
  return true;
  // endregion
}

/** Creates a pipe that holds PIPE_BYTES; undefined if none is available. */
export function createPipe(): Pipe | undefined {
  // TODO 9.2.2: pipe2(ends, O_NONBLOCK | O_CLOEXEC) puts two descriptors into `ends`: out of the first, into the
  // second. Make it hold PIPE_BYTES: fcntl(into, F_SETPIPE_SZ, PIPE_BYTES). undefined if one of the two fails, and
  // nothing stays open.
  // region 9.2.2
  const ends: number[] = [];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) === -1) return undefined;
  const [out = -1, into = -1] = ends;
  if (fcntl(into, F_SETPIPE_SZ, PIPE_BYTES) === -1) {
    // This user has many pipes already. A small one would be slower than the buffer.
    close(out);
    close(into);
    return undefined;
  }
  return { out, into, filled: 0 };
  // endregion
}

/** One splice into the pipe and one out of it: returns 1 if there may be more to move, 0 if not, -1 where a connection broke. */
export function movePages(fromFd: number, toFd: number): number {
  const pipe = pipes.get(toFd) as Pipe;
  // TODO 9.2.3: what is in the pipe goes first: return what emptyPipe says. If fromFd has ENDED, nothing more comes:
  // 0. Otherwise splice ALL_THERE_IS from fromFd into the pipe (null for both offsets, SPLICE_F_MOVE |
  // SPLICE_F_NONBLOCK); 0 and -1 are for nothingRead. Note how much is in the pipe, and empty it.
  // region 9.2.3
  // What is in it goes first, and all of it: only of an empty pipe do we know that EAGAIN means "nothing to read".
  if (pipe.filled > 0) return emptyPipe(pipe, toFd);
  if (is(fromFd, ENDED)) return 0;
  const readN = splice(fromFd, null, pipe.into, null, ALL_THERE_IS, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (readN <= 0) return nothingRead(fromFd, toFd, readN);
  pipe.filled = readN;
  return emptyPipe(pipe, toFd);
  // endregion
}

/** Moves what is in a pipe into its socket: returns 1 if some of it went, 0 if nothing fits, -1 where the connection broke. */
export function emptyPipe(pipe: Pipe, toFd: number): number {
  // TODO 9.2.4: splice what is in the pipe into toFd. -1: EINTR, try again (1); EAGAIN, mark toFd as FULL (0); anything
  // else, it broke (-1). Otherwise note how much is left; with nothing left toFd is not FULL any more. Return 1.
  // region 9.2.4
  const sentN = splice(pipe.out, null, toFd, null, pipe.filled, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (sentN === -1) {
    if (errno() === 'EINTR') return 1;
    if (errno() !== 'EAGAIN') return -1;
    mark(toFd, FULL);
    return 0;
  }
  pipe.filled -= sentN;
  if (pipe.filled === 0) unmark(toFd, FULL);
  // A part of it went? Then go on until nothing does: only a socket that has said EAGAIN tells us when it has room again.
  return 1;
  // endregion
}

/** Takes pipes away from silent directions, and from one that is alone by now: see isPipeFaster(). */
export function collectPipes(): void {
  const isAlone = pipes.size === 1 && SPLICE === 'auto';
  for (const [toFd, { filled }] of pipes) {
    if (filled === 0 && (isAlone || is(toFd, SILENT))) givePipeBack(toFd);
    // A socket that is still SILENT when we look again has been idle all that time.
    else mark(toFd, SILENT);
  }
  pipesSeen = now;
}

/** The bytes for a socket no longer need their pipe. */
export function givePipeBack(toFd: number): void {
  const pipe = pipes.get(toFd) as Pipe;
  pipes.delete(toFd);
  unmark(toFd, PIPED);
  // TODO 9.2.5: an empty pipe is kept for the next one, while there are fewer than SPARE_PIPES. Otherwise close both
  // ends.
  // region 9.2.5
  if (pipe.filled === 0 && sparePipes.length < SPARE_PIPES) {
    sparePipes.push(pipe);
    return;
  }
  // Bytes that are still in it would reach another client.
  close(pipe.out);
  close(pipe.into);
  // endregion
}

/**
 * Starts the other processes, WORKERS - 1 of them, before we open anything: a descriptor that they inherit stays open until
 * they close it, too.
 */
export function startWorkers(): void {
  if (IS_WORKER) return;
  for (let workerN = 1; workerN < WORKERS; workerN += 1) startWorker(workerN);
}

/** Starts one of them: the same program, on the same port. */
export function startWorker(workerN: number): void {
  // Two pipes, since a pipe needs no farewell: however a process exits, the kernel closes its ends, and the other
  // process sees it. Ours leads to its standard input; of its own it keeps an end, as descriptor 3, and never uses it.
  const [ours, its]: [number[], number[]] = [[], []];
  if (pipe2(ours, O_CLOEXEC) === -1 || pipe2(its, O_CLOEXEC) === -1) die('pipe2');
  const [itsInput = -1, lifeline = -1] = ours;
  const [itsEnd = -1, itsKept = -1] = its;
  // TODO 9.3.1: spawn process.execPath with our own arguments (process.execArgv, then process.argv without its first),
  // our environment plus WORKER, and as its descriptors 0 to 3: itsInput, 'inherit', 'inherit', itsKept. Close
  // our copies of those two. Note lifeline and pid in `workers`, by itsEnd.
  // region 9.3.1
  const { pid } = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, WORKER: String(workerN) },
    stdio: [itsInput, 'inherit', 'inherit', itsKept],
  });
  // It has copies of these two. As long as we had them open as well, we would not see their end.
  close(itsInput);
  close(itsKept);
  if (pid !== undefined) workers.set(itsEnd, { lifeline, pid });
  // endregion
}

/** Lets other processes listen on our port, too. All of them have to set this before bind(). */
export function sharePort(sockFd: number): void {
  // TODO 9.3.2: set SO_REUSEPORT, as createServer sets SO_REUSEADDR.
  // region 9.3.2
  // Each process then has a listening socket of its own, with a queue of its own, and the kernel distributes the clients.
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEPORT, 1) === -1) die('setsockopt');
  // endregion
}

/** Tells the other processes that it is time to end: by the end of their standard input. */
export function tellWorkers(): void {
  // TODO 9.3.3: close each lifeline.
  // region 9.3.3
  for (const { lifeline } of workers.values()) close(lifeline);
  // endregion
}

/** A process that we have started has ended. */
export function workerEnded(fd: number): void {
  // TODO 9.3.4: forget it, and close fd, which would be reported for ever. If it was not told to end (we are not
  // draining), close its lifeline, too, and say on console.error that it has ended.
  // region 9.3.4
  const worker = workers.get(fd);
  workers.delete(fd);
  close(fd);
  if (draining || worker === undefined) return;
  close(worker.lifeline);
  console.error(`proxy: worker ${worker.pid} has ended`);
  // endregion
}

/** The process that started us ends, or has ended: we end, too. */
export function leaderEnded(): void {
  // TODO 9.3.5: close descriptor 0, which would be reported for ever, and start draining, unless we do already.
  // region 9.3.5
  close(0);
  if (!draining) startDraining();
  // endregion
}

/** Ends the program, saying which system call failed and why. For failures that leave a proxy with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  if (BALANCE !== 'round-robin' && BALANCE !== 'least-connections') {
    console.error(`proxy: BALANCE is round-robin or least-connections, not ${BALANCE}`);
    process.exit(2);
  }
  startWorkers();
  listenSockFd = createServer('0.0.0.0', PORT);
  // The state of our upstreams is for this machine only. Each process knows of its own clients alone.
  if (!IS_WORKER) statusSockFd = createServer('127.0.0.1', STATUS_PORT);
  epollFd = createLoop();
  signalFd = createSignals();
  const ours = IS_WORKER ? [0] : [statusSockFd, ...workers.keys()];
  for (const fd of [listenSockFd, signalFd, ...ours]) loopAttach(epollFd, fd, EPOLLIN);
  if (!IS_WORKER)
    console.log(
      `proxy: clients on port ${PORT}, upstreams on ${UPSTREAM_PORTS.join(', ')}, status on port ${STATUS_PORT}`,
    );
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
