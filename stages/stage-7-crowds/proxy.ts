/**
 * Stage 7: a TCP proxy for a crowd. It serves thousands of clients in one loop, stops accepting while descriptors are
 * short, and shuts down without cutting a connection.
 *
 *     browser ---- connection socket | proxy | upstream socket ---- python3 -m http.server
 *     kill ------- signal descriptor |
 *
 * Lesson: docs/stage-7-crowds.md. Every function returns -1 or false if a system call fails; what each call
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
/** The port of the upstream server: python3 -m http.server 3000. */
export const UPSTREAM_PORT = Number(process.env.UPSTREAM_PORT ?? 3000);
/** How long the handshake with the upstream server may take, in ms. */
export const CONNECT_TIMEOUT_MS = Number(process.env.CONNECT_TIMEOUT_MS ?? 5000);
/** How long a pair may be silent, in ms: ten minutes. */
export const IDLE_TIMEOUT_MS = Number(process.env.IDLE_TIMEOUT_MS ?? 600_000);
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 64;
/** How many clients we accept in a row before we serve the connected ones again. */
export const MAX_ACCEPTS = 64;
/** How long we stop accepting when descriptors have run out, in ms. */
export const PAUSE_MS = 500;

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

/** The listening socket, the signals, and the epoll instance that watches everything: set once, in main. */
let listenSockFd = -1;
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

/** Creates the listening socket on PORT and returns it. */
export function createServer(): number {
  const sockFd = createSocket();
  if (sockFd === -1) die('socket');

  // After a restart the kernel still remembers the old connections for a minute (TIME_WAIT). Without this option it
  // would keep the port from us for as long.
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');

  if (bind(sockFd, sockaddr_in('0.0.0.0', PORT)) === -1) die('bind');
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
      else if (fd === signalFd) handleSignals(fd);
      else if (isConnSock(fd)) handleClient(fd, event.events);
      else if (isUpstreamSock(fd)) handleUpstream(fd, event.events);
      // Neither: an earlier event of this same batch closed the pair that this one belongs to. Nothing left to do.
    }
    // New clients come last: a new socket may get the number of one that was closed a moment ago, and an event of this
    // batch that is meant for the old one must not meet the new one.
    const isDoorOpen = listenSockFd !== -1 && pauseEnds === Infinity;
    if (isDoorOpen && (knocked || draining) && acceptConnections(listenSockFd) && draining) closeListener();
    closeOverdue();
    if (draining && listenSockFd === -1 && routeTable.size === 0) process.exit(0);
  }
}

/** Accepts waiting clients: true when the backlog is empty, false when some may be left in it. */
export function acceptConnections(listenSockFd: number): boolean {
  // TODO 7.1.1: at most MAX_ACCEPTS times: accept4(listenSockFd, null, null, SOCK_NONBLOCK), then linkClient for the
  // new socket. A -1 with errno() 'EAGAIN' means that the backlog is empty: return true. Any other -1: acceptFailed and
  // return false. After MAX_ACCEPTS clients, return false, too: others may still be waiting.
  todo('7.1.1');
}

/** Links a client to an upstream connection of its own, and remembers the pair. */
export function linkClient(connSockFd: number): void {
  const upstreamSockFd = connectUpstream();
  if (upstreamSockFd === -1) {
    close(connSockFd);
    return;
  }

  // The handshake is under way, and EPOLLOUT will say when it is over. Until then there is nowhere to send the
  // client's bytes, so we leave them in the kernel, where they are safe. (epoll reports errors in any case.)
  loopAttach(epollFd, connSockFd, 0);
  loopAttach(epollFd, upstreamSockFd, EPOLLOUT);
  connecting.set(upstreamSockFd, performance.now());
  // TODO 7.1.2: write the pair down in both maps.
  todo('7.1.2');
}

/** Begins to open a connection to the upstream server; returns its socket, or -1 where that failed at once. */
export function connectUpstream(): number {
  const upstreamSockFd = createSocket();
  if (upstreamSockFd === -1) return -1;
  // EINPROGRESS is the usual answer, and good news: the handshake has begun.
  if (connect(upstreamSockFd, sockaddr_in('127.0.0.1', UPSTREAM_PORT)) === -1 && errno() !== 'EINPROGRESS') {
    console.error(`connect: ${strerror(errno())}`);
    // No list contains this descriptor yet, so no other code would ever close it.
    close(upstreamSockFd);
    return -1;
  }
  return upstreamSockFd;
}

/** The handshake of an upstream connection is over: finds out how it ended, and lets bytes through or ends the pair. */
export function finishConnect(upstreamSockFd: number): void {
  const connSockFd = findMatchingConn(upstreamSockFd);
  connecting.delete(upstreamSockFd);

  // A socket whose connect() has failed is "writable", too. SO_ERROR tells the two apart: 0, or an errno.
  const error = Buffer.alloc(4);
  if (getsockopt(upstreamSockFd, SOL_SOCKET, SO_ERROR, error) === -1) die('getsockopt');
  if (error.readInt32LE() !== 0) {
    console.error(`connect: ${strerror(error.readInt32LE())}`);
    resetPair(connSockFd, upstreamSockFd);
    return;
  }
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

/** Closes the pairs whose time is up, and ends a pause. */
export function closeOverdue(): void {
  const now = performance.now();
  if (pauseEnds <= now) resumeListening();
  for (const [upstreamSockFd, since] of connecting) {
    // They are in order: no later one has waited longer.
    if (since + CONNECT_TIMEOUT_MS > now) break;
    closePair(findMatchingConn(upstreamSockFd), upstreamSockFd);
  }
  for (const [connSockFd, since] of lastActive) {
    if (since + IDLE_TIMEOUT_MS > now) break;
    closePair(connSockFd, findMatchingUpstream(connSockFd));
  }
}

/** Whether fd leads to a client. */
export function isConnSock(fd: number): boolean {
  // TODO 7.1.3: look it up in routeTable.
  todo('7.1.3');
}

/** Whether fd leads to the upstream server. */
export function isUpstreamSock(fd: number): boolean {
  // TODO 7.1.4: look it up in routesBack.
  todo('7.1.4');
}

/** The upstream socket that belongs to a client's connection socket; -1 if there is none. */
export function findMatchingUpstream(connSockFd: number): number {
  // TODO 7.1.5: look it up in routeTable. undefined is not -1.
  todo('7.1.5');
}

/** The connection socket of the client that an upstream socket was opened for; -1 if there is none. */
export function findMatchingConn(upstreamSockFd: number): number {
  // TODO 7.1.6: look it up in routesBack.
  todo('7.1.6');
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

/** Ends a pair: forgets both sockets and their row, then closes both. */
export function closePair(connSockFd: number, upstreamSockFd: number): void {
  // Forget first. The moment a descriptor is closed, the kernel may give its number to a new client, and a row left
  // behind would link that client to the upstream of the client that left.
  connecting.delete(upstreamSockFd);
  lastActive.delete(connSockFd);
  for (const fd of [connSockFd, upstreamSockFd]) {
    waiting.delete(fd);
    ended.delete(fd);
    detached.delete(fd);
  }
  // TODO 7.1.7: take the pair out of both maps.
  todo('7.1.7');

  // Closing only the side that ended would leave the other one waiting for ever. epoll forgets closed descriptors.
  close(connSockFd);
  close(upstreamSockFd);
  if (pauseEnds !== Infinity) resumeListening();
}

/** accept4 failed: finds out whether that concerns one client or all of them. */
export function acceptFailed(): void {
  // TODO 7.2.1: errno() 'ECONNABORTED' or 'EINTR' concern one client: return. Any other one means that no new client
  // can be served: print why (console.error and strerror), then pauseListening.
  todo('7.2.1');
}

/** Stops accepting for PAUSE_MS: new clients wait in the kernel's queue. */
export function pauseListening(): void {
  // TODO 7.2.2: tell epoll to watch listenSockFd for nothing (0), and note in pauseEnds when that is over: PAUSE_MS from
  // now, by the clock of performance.now().
  todo('7.2.2');
}

/** Accepts again: PAUSE_MS have passed, or a closed pair has freed two descriptors. */
export function resumeListening(): void {
  // TODO 7.2.3: watch listenSockFd for EPOLLIN again; pauseEnds is Infinity from now on.
  todo('7.2.3');
}

/** Makes SIGTERM an event of the loop, and returns the descriptor that it comes out of. */
export function createSignals(): number {
  const sigFd = signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  if (sigFd === -1) die('signalfd');
  return sigFd;
}

/** Signals have come: the first one asks us to finish our work and end, a second one to end at once. */
export function handleSignals(signalFd: number): void {
  // TODO 7.2.4: take all signals out (read_signal returns '' when there are none left). The first one: startDraining.
  // Another one while draining: process.exit(1).
  todo('7.2.4');
}

/** Begins to end: loopRun accepts the clients in the backlog, no others, and exits when the last pair has closed. */
export function startDraining(): void {
  // TODO 7.2.5: set draining. Nothing is closed here: loopRun calls closeListener when acceptConnections says that the
  // backlog is empty, and ends the program when the last pair is gone.
  todo('7.2.5');
}

/** Closes the listening socket: from now on the kernel refuses new connections. */
export function closeListener(): void {
  // TODO 7.2.6: close listenSockFd, and set it to -1, so that it is not used again.
  todo('7.2.6');
}

/** Ends the program, saying which system call failed and why. For failures that leave a proxy with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  listenSockFd = createServer();
  epollFd = createLoop();
  signalFd = createSignals();
  loopAttach(epollFd, listenSockFd, EPOLLIN);
  loopAttach(epollFd, signalFd, EPOLLIN);
  console.log(`proxy: clients on port ${PORT}, upstream on port ${UPSTREAM_PORT}`);
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
