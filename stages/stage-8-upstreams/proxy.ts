/**
 * Stage 8: a TCP proxy with several upstreams. It shares the clients out among them, passes over the dead ones, and
 * reports their state on a port of its own.
 *
 *     browser ---- connection socket | proxy | upstream socket ---- one of several servers
 *     you -------- status socket ----|
 *
 * Lesson: docs/stage-8-upstreams.md. Every function returns -1 or false if a system call fails; what each call
 * returns is in its manual page and in the comments of linux/.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  accept4,
  bind,
  close,
  connect,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  getsockopt,
  listen,
  read_signal,
  recv,
  SFD_NONBLOCK,
  SHUT_WR,
  SO_ERROR,
  SO_LINGER,
  SO_REUSEADDR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  send,
  setsockopt,
  shutdown,
  signalfd,
  sockaddr_in,
  socket,
  strerror,
} from '#linux';
import { todo } from '#todo';

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
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 64;
/** How many clients we accept in a row before we serve the connected ones again. */
export const MAX_ACCEPTS = 64;
/** How long we stop accepting when descriptors have run out, in ms. */
export const PAUSE_MS = 500;

/** One upstream server, and what we know of it. */
export interface Upstream {
  port: number;
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
export const upstreams: Upstream[] = UPSTREAM_PORTS.map((port) => ({ port, open: 0, total: 0, failed: 0, retryAt: 0 }));
/** Which of them each upstream socket leads to. */
export const upstreamOf = new Map<number, Upstream>();
/** Which upstreams have been tried for a client that is not linked yet, by its connection socket. */
export const tried = new Map<number, Set<Upstream>>();
/** Upstream sockets whose handshake failed in this batch: their clients are handed on when it is over. */
export const refused = new Set<number>();

/** The upstream socket of each connection socket: one lookup, however many pairs there are. */
export const routeTable = new Map<number, number>();
/** The same the other way round: the connection socket of each upstream socket. */
export const routesBack = new Map<number, number>();

/** Upstream sockets whose handshake is still under way, and since when: the one that began first stands first. */
export const connecting = new Map<number, number>();
/** When each pair last did something, by its client's socket: the one that has been silent longest stands first. */
export const lastActive = new Map<number, number>();
/** Sockets that bring no more bytes: the other end has finished its stream, and we have read to its end. */
export const ended = new Set<number>();
/** Sockets that epoll does not watch at the moment. */
export const detached = new Set<number>();
/** Bytes that send() did not take yet, by the socket that they are for. No entry: nothing waits for it. */
export const waiting = new Map<number, Buffer>();

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

/** Bytes on their way through. Bytes that cannot be sent at once move to `waiting`, so one buffer is still enough. */
const buffer = Buffer.alloc(256 * 1024);

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
    const readyN = epoll_wait(epollFd, events, MAX_EVENTS, untilDeadline());
    if (readyN === -1) {
      // A signal, such as Ctrl-Z and fg, interrupts the wait. That is no failure: wait again.
      if (errno() === 'EINTR') continue;
      die('epoll_wait');
    }
    let knocked = false;
    for (const event of events.slice(0, readyN)) {
      const fd = event.data.fd;
      if (fd === listenSockFd) knocked = true;
      else if (fd === statusSockFd) answerStatus(fd);
      else if (fd === signalFd) handleSignals(fd);
      else if (isConnSock(fd)) handleClient(fd, event.events);
      else if (isUpstreamSock(fd)) handleUpstream(fd, event.events);
      // Neither: an earlier event of this same batch closed the pair that this one belongs to. Nothing left to do.
    }
    // New sockets come last: one may get the number of a socket that was closed a moment ago, and an event of this batch
    // that is meant for the old one must not meet the new one. That goes for clients that are handed on, too.
    for (const upstreamSockFd of refused) handOn(upstreamSockFd);
    const isDoorOpen = listenSockFd !== -1 && pauseEnds === Infinity;
    if (isDoorOpen && (knocked || draining) && acceptConnections(listenSockFd) && draining) closeListener();
    closeOverdue();
    if (draining && listenSockFd === -1 && routeTable.size === 0) process.exit(0);
  }
}

/** Accepts waiting clients: true when the backlog is empty, false when some may be left in it. */
export function acceptConnections(listenSockFd: number): boolean {
  // Connected clients must not wait until the last of a crowd is accepted. Clients that are still in the backlog are
  // reported again by the next epoll_wait.
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
  // Until an upstream has taken the client, we leave its bytes in the kernel, where they are safe. (epoll reports
  // errors in any case.)
  loopAttach(epollFd, connSockFd, 0);
  tried.set(connSockFd, new Set());
  if (!linkUpstream(connSockFd)) closeClient(connSockFd);
}

/** Begins to link a client to an upstream that it has not tried yet; false if there is none left. */
export function linkUpstream(connSockFd: number): boolean {
  const triedSoFar = tried.get(connSockFd) ?? new Set();
  for (let next = chooseUpstream(triedSoFar); next !== undefined; next = chooseUpstream(triedSoFar)) {
    triedSoFar.add(next);
    const upstreamSockFd = connectUpstream(next);
    if (upstreamSockFd === -1) continue;

    // The handshake is under way, and EPOLLOUT will say when it is over.
    loopAttach(epollFd, upstreamSockFd, EPOLLOUT);
    connecting.set(upstreamSockFd, performance.now());
    countIn(upstreamSockFd, next);
    routeTable.set(connSockFd, upstreamSockFd);
    routesBack.set(upstreamSockFd, connSockFd);
    return true;
  }
  return false;
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
  // TODO 8.1.1: upstreams[turn] is the one whose turn it is. Go from there to the end of the list, and on from its
  // beginning, to the first one that is among the candidates. turn becomes the place behind that one; return it.
  // undefined, if none of them is a candidate.
  todo('8.1.1');
}

/** Those of the candidates that have the fewest open connections: one, or several that have equally few. */
export function withFewest(candidates: Upstream[]): Upstream[] {
  // TODO 8.1.2: find out how many open connections the least busy of the candidates has, and return all those that have
  // as many.
  todo('8.1.2');
}

/** Begins to open a connection to an upstream; returns its socket, or -1 where that failed at once. */
export function connectUpstream(upstream: Upstream): number {
  const upstreamSockFd = createSocket();
  // Not the upstream's fault: we are out of descriptors.
  if (upstreamSockFd === -1) return -1;
  // One client tries an upstream that is down: until the result is known, all other clients pass it over.
  if (upstream.retryAt !== 0) upstream.retryAt = performance.now() + RETRY_AFTER_MS;
  // EINPROGRESS is the usual answer, and good news: the handshake has begun.
  if (connect(upstreamSockFd, sockaddr_in('127.0.0.1', upstream.port)) === -1 && errno() !== 'EINPROGRESS') {
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
  // TODO 8.1.3: remember in upstreamOf which upstream this socket leads to, and count one more open connection there.
  todo('8.1.3');
}

/** An upstream socket is about to be closed: counts it no longer. */
export function countOut(upstreamSockFd: number): void {
  // TODO 8.1.4: the opposite of countIn: one open connection fewer at the upstream of this socket, and no row
  // in upstreamOf any more.
  todo('8.1.4');
}

/** A status request: answers with the state of the upstreams, and closes the connection. */
export function answerStatus(statusSockFd: number): void {
  const sockFd = accept4(statusSockFd, null, null, SOCK_NONBLOCK);
  if (sockFd === -1) {
    if (errno() !== 'EAGAIN') acceptFailed();
    return;
  }
  // TODO 8.1.5: send statusLine() and a newline as one Buffer, then close the socket: that is the end of the stream.
  todo('8.1.5');
}

/** The state of the upstreams, in one line: 3000 up open=2 total=17 failed=0; 3001 down open=0 total=9 failed=3 */
export function statusLine(): string {
  // TODO 8.1.6: of each upstream its port, up or down (retryAt says which), and three numbers, exactly as above; '; '
  // separates two upstreams.
  todo('8.1.6');
}

/** Upstreams that a client may still try: those that are up, or due for another try; else any that are left. */
export function worthATry(triedSoFar: Set<Upstream>): Upstream[] {
  // TODO 8.2.1: leave out those that are in triedSoFar. Of the rest return those that need not be passed over: whose
  // retryAt is not in the future, by the clock of performance.now(). If there is none, return the whole rest.
  todo('8.2.1');
}

/** An upstream did not take a connection: passes it over for a while. */
export function markDown(upstream: Upstream): void {
  // TODO 8.2.2: count one more failure, and note in retryAt when it may be tried again: RETRY_AFTER_MS from now.
  todo('8.2.2');
}

/** An upstream that was down has taken a connection: gives it its share again. */
export function markUp(upstream: Upstream): void {
  // TODO 8.2.3: note in retryAt that it is up.
  todo('8.2.3');
}

/** An upstream did not take a client: hands the client on to another one, or lets it go if that was the last. */
export function handOn(upstreamSockFd: number): void {
  // TODO 8.2.4: find the client (findMatchingConn) and the upstream (upstreamOf). markDown the upstream, closeUpstream the
  // socket, which gives its descriptor back, then linkUpstream the client anew. false: none is left to try, so
  // closeClient.
  todo('8.2.4');
}

/** The handshake of an upstream connection is over: finds out how it ended, and lets bytes through or notes the refusal. */
export function finishConnect(upstreamSockFd: number): void {
  const connSockFd = findMatchingConn(upstreamSockFd);
  const upstream = upstreamOf.get(upstreamSockFd);
  connecting.delete(upstreamSockFd);

  // A socket whose connect() has failed is "writable", too. SO_ERROR tells the two apart: 0, or an errno.
  const error = Buffer.alloc(4);
  if (getsockopt(upstreamSockFd, SOL_SOCKET, SO_ERROR, error) === -1) die('getsockopt');
  if (error.readInt32LE() !== 0) {
    console.error(`connect: port ${upstream?.port}: ${strerror(error.readInt32LE())}`);
    refused.add(upstreamSockFd);
    return;
  }
  if (upstream !== undefined) {
    upstream.total += 1;
    if (upstream.retryAt !== 0) markUp(upstream);
  }
  tried.delete(connSockFd);
  touch(connSockFd);
  watchPair(connSockFd, upstreamSockFd);
}

/** Notes that a pair is active: its idle time begins anew. */
function touch(connSockFd: number): void {
  // A Map keeps insertion order: a key that is deleted and set again moves to the end.
  lastActive.delete(connSockFd);
  lastActive.set(connSockFd, performance.now());
}

/** How long epoll_wait() may wait, in ms: until the next pair's time is up, or a pause ends; -1: for ever. */
export function untilDeadline(): number {
  const [handshake = Infinity] = connecting.values();
  const [silence = Infinity] = lastActive.values();
  const next = Math.min(handshake + CONNECT_TIMEOUT_MS, silence + IDLE_TIMEOUT_MS, pauseEnds);
  if (next === Infinity) return -1;
  // Rounded up, or the loop would spin for the last fraction of a millisecond; and no more than fits a C int.
  return Math.min(Math.max(0, Math.ceil(next - performance.now())), 2 ** 31 - 1);
}

/** Hands on clients whose handshake takes too long, closes pairs that are silent for too long, and ends a pause. */
export function closeOverdue(): void {
  const now = performance.now();
  if (pauseEnds <= now) resumeListening();
  for (const [upstreamSockFd, since] of connecting) {
    // They are in order: no later one has waited longer.
    if (since + CONNECT_TIMEOUT_MS > now) break;
    handOn(upstreamSockFd);
  }
  for (const [connSockFd, since] of lastActive) {
    if (since + IDLE_TIMEOUT_MS > now) break;
    closePair(connSockFd, findMatchingUpstream(connSockFd));
  }
}

/** Whether fd leads to a client. */
export function isConnSock(fd: number): boolean {
  return routeTable.has(fd);
}

/** Whether fd leads to an upstream server. */
export function isUpstreamSock(fd: number): boolean {
  return routesBack.has(fd);
}

/** The upstream socket that belongs to a client's connection socket; -1 if there is none. */
export function findMatchingUpstream(connSockFd: number): number {
  return routeTable.get(connSockFd) ?? -1;
}

/** The connection socket of the client that an upstream socket was opened for; -1 if there is none. */
export function findMatchingConn(upstreamSockFd: number): number {
  return routesBack.get(upstreamSockFd) ?? -1;
}

/** Sends as many of these bytes as there is room for: returns how many, perhaps 0; -1 where the connection is gone. */
export function sendSome(sockFd: number, bytes: Buffer): number {
  const n = send(sockFd, bytes, bytes.length, 0);
  // EAGAIN: the kernel's send buffer is full. That is no failure, and trying again at once would find it as full.
  if (n === -1 && (errno() === 'EAGAIN' || errno() === 'EINTR')) return 0;
  return n;
}

/** Passes on what has arrived on one socket of a pair; `last`: no more will come. false if a connection broke. */
export function relay(fromFd: number, toFd: number, last: boolean): boolean {
  const readN = recv(fromFd, buffer, buffer.length, 0);
  if (readN === -1 && (errno() === 'EAGAIN' || errno() === 'EINTR')) return true;

  if (readN === -1) return false;
  if (readN === 0) {
    endStream(fromFd, toFd);
    return true;
  }

  const sentN = sendSome(toFd, buffer.subarray(0, readN));
  if (sentN === -1) return false;
  if (sentN < readN) keepRest(fromFd, toFd, buffer.subarray(sentN, readN));
  // No more bytes will come, so read on to the end at once: that saves an event, if only the one for the 0.
  else if (last) return relay(fromFd, toFd, last);
  return true;
}

/** One side has finished: tells the other, which may go on sending for as long as it likes. */
export function endStream(fromFd: number, toFd: number): void {
  // We read fromFd only while nothing waits for toFd. So all bytes are on their way, and the FIN goes behind them.
  ended.add(fromFd);
  shutdown(toFd, SHUT_WR);
  if (!ended.has(toFd)) watchPair(fromFd, toFd);
  // Both have finished.
  else if (isConnSock(fromFd)) closePair(fromFd, toFd);
  else closePair(toFd, fromFd);
}

/** Keeps the bytes that send() did not take, and stops reading from their source until they are sent. */
export function keepRest(fromFd: number, toFd: number, rest: Buffer): void {
  // A copy: `rest` is only a view of the buffer, which the next event will overwrite.
  waiting.set(toFd, Buffer.from(rest));
  watchPair(fromFd, toFd);
}

/** Tells epoll what to watch a pair for: called when bytes begin or cease to wait for one of the two. */
export function watchPair(oneFd: number, otherFd: number): void {
  watch(oneFd, wantedEvents(oneFd, otherFd));
  watch(otherFd, wantedEvents(otherFd, oneFd));
}

function watch(fd: number, events: number): void {
  if (detached.delete(fd)) loopAttach(epollFd, fd, events);
  else loopChange(epollFd, fd, events);
}

/** What to watch a socket for: room, while bytes wait for it; and new bytes, unless older ones wait or none will come. */
export function wantedEvents(fd: number, peerFd: number): number {
  const output = waiting.has(fd) ? EPOLLOUT : 0;
  // The end of a stream stays readable for ever, so once we have read it, we must not ask again.
  const input = waiting.has(peerFd) || ended.has(fd) ? 0 : EPOLLIN | EPOLLRDHUP;
  return output | input;
}

/** There is room again: sends what waits for a socket, or as much as fits; false if the connection is gone. */
export function flush(fd: number, peerFd: number): boolean {
  const rest = waiting.get(fd);
  if (rest === undefined) return true;

  const sentN = sendSome(fd, rest);
  if (sentN === -1) return false;
  if (sentN < rest.length) {
    waiting.set(fd, rest.subarray(sentN));
    return true;
  }
  waiting.delete(fd);
  watchPair(fd, peerFd);
  return true;
}

/** Something happened on a client's socket. */
export function handleClient(connSockFd: number, events: number): void {
  const upstreamSockFd = findMatchingUpstream(connSockFd);
  if (lastActive.has(connSockFd)) touch(connSockFd);
  if (!handleEvents(connSockFd, upstreamSockFd, events)) resetPair(connSockFd, upstreamSockFd);
}

/** Something happened on an upstream socket: the handshake is over, or bytes have come, or there is room for some. */
export function handleUpstream(upstreamSockFd: number, events: number): void {
  if (connecting.has(upstreamSockFd)) {
    finishConnect(upstreamSockFd);
    return;
  }
  const connSockFd = findMatchingConn(upstreamSockFd);
  touch(connSockFd);
  if (!handleEvents(upstreamSockFd, connSockFd, events)) resetPair(connSockFd, upstreamSockFd);
}

/** Does what the events of one socket of a pair ask for; false if the connection broke. */
export function handleEvents(fd: number, peerFd: number, events: number): boolean {
  if (events & EPOLLOUT && !flush(fd, peerFd)) return false;
  // EPOLLIN: bytes, or the end. With EPOLLRDHUP: its last ones, and then the end.
  if (events & EPOLLIN) return relay(fd, peerFd, (events & EPOLLRDHUP) !== 0);

  // epoll reports these two without being asked. EPOLLERR: the connection broke while its bytes had to wait.
  if (events & EPOLLERR) return false;
  // EPOLLHUP without it: both directions have ended, but the last bytes have to wait until the peer takes them.
  if (events & EPOLLHUP) loopDetach(epollFd, fd);
  return true;
}

/** Takes fd out of epoll, which is the only way not to hear of EPOLLHUP. */
export function loopDetach(epollFd: number, fd: number): void {
  if (epoll_ctl(epollFd, EPOLL_CTL_DEL, fd, null) === -1) die('epoll_ctl');
  detached.add(fd);
}

/** Ends a broken pair with RST, so that the other side sees what we saw. */
export function resetPair(connSockFd: number, upstreamSockFd: number): void {
  setsockopt(connSockFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  setsockopt(upstreamSockFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  closePair(connSockFd, upstreamSockFd);
}

/** Ends a pair: forgets both sockets and their rows, and closes both. */
export function closePair(connSockFd: number, upstreamSockFd: number): void {
  // Closing only the side that ended would leave the other one waiting for ever.
  closeUpstream(upstreamSockFd);
  closeClient(connSockFd);
}

/** Forgets a client's socket, and closes it. */
export function closeClient(connSockFd: number): void {
  lastActive.delete(connSockFd);
  tried.delete(connSockFd);
  forget(connSockFd);
  close(connSockFd);
  if (pauseEnds !== Infinity) resumeListening();
}

/** Forgets an upstream socket and the rows of its pair, and closes it. */
export function closeUpstream(upstreamSockFd: number): void {
  // Forget first. The moment a descriptor is closed, the kernel may give its number to a new socket, and a row left behind
  // would link that one to another client. epoll forgets closed descriptors by itself.
  routeTable.delete(findMatchingConn(upstreamSockFd));
  routesBack.delete(upstreamSockFd);
  connecting.delete(upstreamSockFd);
  refused.delete(upstreamSockFd);
  countOut(upstreamSockFd);
  forget(upstreamSockFd);
  close(upstreamSockFd);
}

/** What both sides have in common. */
function forget(fd: number): void {
  waiting.delete(fd);
  ended.delete(fd);
  detached.delete(fd);
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
  loopChange(epollFd, listenSockFd, 0);
  loopChange(epollFd, statusSockFd, 0);
  pauseEnds = performance.now() + PAUSE_MS;
}

/** Accepts again: PAUSE_MS have passed, or a closed pair has freed two descriptors. */
export function resumeListening(): void {
  loopChange(epollFd, listenSockFd, EPOLLIN);
  loopChange(epollFd, statusSockFd, EPOLLIN);
  pauseEnds = Infinity;
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
    if (draining) process.exit(1);
    startDraining();
  }
}

/** Begins to end: loopRun accepts the clients in the backlog, no others, and exits when the last pair has closed. */
export function startDraining(): void {
  console.log(`proxy: asked to end, ${routeTable.size} clients to go`);
  // Clients in the kernel's queue have finished their handshake, and may have sent bytes: to them, we have accepted. So
  // the listening socket stays open until accept4 says that the queue is empty. Then loopRun closes it.
  draining = true;
}

/** Closes both listening sockets: the kernel then refuses new connections, and our successor may bind the ports. */
export function closeListener(): void {
  close(listenSockFd);
  close(statusSockFd);
  listenSockFd = -1;
  statusSockFd = -1;
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
  listenSockFd = createServer('0.0.0.0', PORT);
  // The state of our upstreams is for this machine only.
  statusSockFd = createServer('127.0.0.1', STATUS_PORT);
  epollFd = createLoop();
  signalFd = createSignals();
  for (const fd of [listenSockFd, statusSockFd, signalFd]) loopAttach(epollFd, fd, EPOLLIN);
  console.log(
    `proxy: clients on port ${PORT}, upstreams on ${UPSTREAM_PORTS.join(', ')}, status on port ${STATUS_PORT}`,
  );
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
