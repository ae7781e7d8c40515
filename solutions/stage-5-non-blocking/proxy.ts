/**
 * Stage 5: a TCP proxy that never waits for a single peer. Only epoll_wait() waits, and it waits for all of them.
 *
 *     browser ---- connection socket | proxy | upstream socket ---- python3 -m http.server
 *                  (we accepted it)            (we connected it)
 *
 * Lesson: docs/stage-5-non-blocking.md. Every function returns -1 or false if a system call fails; what each call
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
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  getsockopt,
  listen,
  recv,
  SO_ERROR,
  SO_REUSEADDR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  send,
  setsockopt,
  sockaddr_in,
  socket,
  strerror,
} from '#linux';

/** The port that clients connect to. */
export const PORT = Number(process.env.PORT ?? 8080);
/** The port of the upstream server: python3 -m http.server 3000. */
export const UPSTREAM_PORT = Number(process.env.UPSTREAM_PORT ?? 3000);
/** How many clients we serve at a time. */
export const MAX_SOCKS = 128;
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 64;

/** Which sockets belong together: pairs of [connection socket, upstream socket]. */
export const routeTable: [connSockFd: number, upstreamSockFd: number][] = [];
/** The sockets that lead to clients. */
export const connSocks: number[] = [];
/** The sockets that lead to the upstream server. */
export const upstreamSocks: number[] = [];

/** Upstream sockets whose handshake is still under way. */
export const connecting = new Set<number>();
/** Bytes that send() did not take yet, by the socket that they are for. No entry: nothing waits for it. */
export const waiting = new Map<number, Buffer>();

/** The listening socket, and the epoll instance that watches everything: set once, in main. */
let listenSockFd = -1;
let epollFd = -1;

/** Bytes on their way through. Bytes that cannot be sent at once move to `waiting`, so one buffer is still enough. */
const buffer = Buffer.alloc(256 * 1024);

/** Creates a TCP socket whose calls never wait: what cannot be done now fails with EAGAIN or EINPROGRESS. */
export function createSocket(): number {
  // TODO 5.1.1: a TCP socket, as in stage 4, whose calls never wait: SOCK_NONBLOCK is or-ed into its type.
  // region 5.1.1
  return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  // endregion
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
    const readyN = epoll_wait(epollFd, events, MAX_EVENTS, -1);
    if (readyN === -1) {
      // A signal, such as Ctrl-Z and fg, interrupts the wait. That is no failure: wait again.
      if (errno() === 'EINTR') continue;
      die('epoll_wait');
    }
    let knocked = false;
    for (const event of events.slice(0, readyN)) {
      const fd = event.data.fd;
      if (fd === listenSockFd) knocked = true;
      else if (isConnSock(fd)) handleClient(fd, event.events);
      else if (isUpstreamSock(fd)) handleUpstream(fd, event.events);
      // Neither: an earlier event of this same batch closed the pair that this one belongs to. Nothing left to do.
    }
    // New clients come last: a new socket may get the number of one that was closed a moment ago, and an event of this
    // batch that is meant for the old one must not meet the new one.
    if (knocked) acceptConnection(listenSockFd);
  }
}

/** Accepts one client, links it to an upstream connection of its own, and remembers the pair. */
export function acceptConnection(listenSockFd: number): void {
  // TODO 5.1.2: accept the client with accept4, so that its socket does not wait either; EAGAIN only means that
  // no client is waiting any more. Begin its upstream connection, or close the client, as in stage 4. Then attach
  // both: the connection socket for nothing yet (0), the upstream socket for EPOLLOUT. Add them to connSocks,
  // upstreamSocks, connecting and routeTable.
  // region 5.1.2
  const connSockFd = accept4(listenSockFd, null, null, SOCK_NONBLOCK);
  if (connSockFd === -1) {
    // EAGAIN: the client has given up meanwhile.
    if (errno() !== 'EAGAIN') console.error(`accept4: ${strerror(errno())}`);
    return;
  }

  // No place left, or no upstream: close this client, so that it does not wait in vain, and serve the next one.
  const upstreamSockFd = routeTable.length < MAX_SOCKS ? connectUpstream() : -1;
  if (upstreamSockFd === -1) {
    close(connSockFd);
    return;
  }

  // The handshake is under way, and EPOLLOUT will say when it is over. Until then there is nowhere to send the
  // client's bytes, so we leave them in the kernel, where they are safe. (epoll reports errors in any case.)
  loopAttach(epollFd, connSockFd, 0);
  connSocks.push(connSockFd);
  loopAttach(epollFd, upstreamSockFd, EPOLLOUT);
  upstreamSocks.push(upstreamSockFd);
  connecting.add(upstreamSockFd);
  routeTable.push([connSockFd, upstreamSockFd]);
  // endregion
}

/** Begins to open a connection to the upstream server; returns its socket, or -1 where that failed at once. */
export function connectUpstream(): number {
  // TODO 5.1.3: a socket from createSocket, connected to 127.0.0.1, port UPSTREAM_PORT. A -1 with EINPROGRESS is no
  // failure: the handshake has begun. With any other: close it, return -1.
  // region 5.1.3
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
  // endregion
}

/** The handshake of an upstream connection is over: finds out how it ended, and lets bytes through or ends the pair. */
export function finishConnect(upstreamSockFd: number): void {
  // TODO 5.1.4: the upstream socket is connecting no more. Ask getsockopt for SO_ERROR (4 bytes, readInt32LE): not 0
  // means that the handshake failed, so say why, and closePair. 0: from now on watch both sockets of the pair for
  // EPOLLIN (loopChange).
  // region 5.1.4
  const connSockFd = findMatchingConn(upstreamSockFd);
  connecting.delete(upstreamSockFd);

  // A socket whose connect() has failed is "writable", too. SO_ERROR tells the two apart: 0, or an errno.
  const error = Buffer.alloc(4);
  if (getsockopt(upstreamSockFd, SOL_SOCKET, SO_ERROR, error) === -1) die('getsockopt');
  if (error.readInt32LE() !== 0) {
    console.error(`connect: ${strerror(error.readInt32LE())}`);
    closePair(connSockFd, upstreamSockFd);
    return;
  }
  loopChange(epollFd, connSockFd, EPOLLIN);
  loopChange(epollFd, upstreamSockFd, EPOLLIN);
  // endregion
}

/** Whether fd leads to a client. */
export function isConnSock(fd: number): boolean {
  return connSocks.includes(fd);
}

/** Whether fd leads to the upstream server. */
export function isUpstreamSock(fd: number): boolean {
  return upstreamSocks.includes(fd);
}

/** The upstream socket that belongs to a client's connection socket; -1 if there is none. */
export function findMatchingUpstream(connSockFd: number): number {
  for (const [conn, upstream] of routeTable) {
    if (conn === connSockFd) return upstream;
  }
  return -1;
}

/** The connection socket of the client that an upstream socket was opened for; -1 if there is none. */
export function findMatchingConn(upstreamSockFd: number): number {
  for (const [conn, upstream] of routeTable) {
    if (upstream === upstreamSockFd) return conn;
  }
  return -1;
}

/** Sends as many of these bytes as there is room for: returns how many, perhaps 0; -1 where the connection is gone. */
export function sendSome(sockFd: number, bytes: Buffer): number {
  // TODO 5.1.5: one send(), no loop: return how many bytes it took. EAGAIN or EINTR: it took 0. Anything else: -1.
  // region 5.1.5
  const n = send(sockFd, bytes, bytes.length, 0);
  // EAGAIN: the kernel's send buffer is full. That is no failure, and trying again at once would find it as full.
  if (n === -1 && (errno() === 'EAGAIN' || errno() === 'EINTR')) return 0;
  return n;
  // endregion
}

/** Passes on what has arrived on one socket of a pair to the other; false if one of the connections is over. */
export function relay(fromFd: number, toFd: number): boolean {
  // TODO 5.1.6: receive into buffer (true if there is nothing after all, false at the end or for an error), then
  // sendSome to the other side (false if that fails). What it did not take goes to keepRest, which is milestone 2:
  // until then, return false in its place, which gives up a pair whose reader is slow.
  // region 5.1.6
  const readN = recv(fromFd, buffer, buffer.length, 0);
  if (readN === -1 && (errno() === 'EAGAIN' || errno() === 'EINTR')) return true;

  // 0: this side closed. -1: the connection broke.
  if (readN <= 0) return false;

  const sentN = sendSome(toFd, buffer.subarray(0, readN));
  if (sentN === -1) return false;
  if (sentN < readN) keepRest(fromFd, toFd, buffer.subarray(sentN, readN));
  return true;
  // endregion
}

/** Keeps the bytes that send() did not take, and stops reading from their source until they are sent. */
export function keepRest(fromFd: number, toFd: number, rest: Buffer): void {
  // TODO 5.2.1: keep a copy of rest in waiting, for toFd. Then what to watch the two sockets for has changed:
  // watchPair.
  // region 5.2.1
  // A copy: `rest` is only a view of the buffer, which the next event will overwrite.
  waiting.set(toFd, Buffer.from(rest));
  watchPair(fromFd, toFd);
  // endregion
}

/** Tells epoll what to watch a pair for: called when bytes begin or cease to wait for one of the two. */
export function watchPair(oneFd: number, otherFd: number): void {
  loopChange(epollFd, oneFd, wantedEvents(oneFd, otherFd));
  loopChange(epollFd, otherFd, wantedEvents(otherFd, oneFd));
}

/** What to watch a socket for: room, while bytes wait for it; and new bytes, unless older ones wait for its peer. */
export function wantedEvents(fd: number, peerFd: number): number {
  // TODO 5.2.2: EPOLLOUT only while something waits for fd. EPOLLIN only while nothing waits for its peer: else what
  // came would have no place to go.
  // region 5.2.2
  const output = waiting.has(fd) ? EPOLLOUT : 0;
  const input = waiting.has(peerFd) ? 0 : EPOLLIN;
  return output | input;
  // endregion
}

/** There is room again: sends what waits for a socket, or as much as fits; false if the connection is gone. */
export function flush(fd: number, peerFd: number): boolean {
  // TODO 5.2.3: send what waits for fd, if anything does. Keep what is still not taken. Once all is gone, take the
  // entry out of waiting, and watchPair. false if the connection is gone.
  // region 5.2.3
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
  // endregion
}

/** Something happened on a client's socket. */
export function handleClient(connSockFd: number, events: number): void {
  const upstreamSockFd = findMatchingUpstream(connSockFd);
  if (!handleEvents(connSockFd, upstreamSockFd, events)) closePair(connSockFd, upstreamSockFd);
}

/** Something happened on an upstream socket: the handshake is over, or bytes have come, or there is room for some. */
export function handleUpstream(upstreamSockFd: number, events: number): void {
  if (connecting.has(upstreamSockFd)) {
    finishConnect(upstreamSockFd);
    return;
  }
  const connSockFd = findMatchingConn(upstreamSockFd);
  if (!handleEvents(upstreamSockFd, connSockFd, events)) closePair(connSockFd, upstreamSockFd);
}

/** Does what the events of one socket of a pair ask for; false if the pair is over. */
function handleEvents(fd: number, peerFd: number, events: number): boolean {
  if (events & EPOLLOUT && !flush(fd, peerFd)) return false;
  if (events & EPOLLIN) return relay(fd, peerFd);
  // An event without EPOLLIN, on a socket that we do not read now: the connection broke while its bytes had to wait.
  return (events & (EPOLLERR | EPOLLHUP)) === 0;
}

/** Ends a pair: forgets both sockets and their row, then closes both. */
export function closePair(connSockFd: number, upstreamSockFd: number): void {
  // Forget first. The moment a descriptor is closed, the kernel may give its number to a new client, and a row left
  // behind would link that client to the upstream of the client that left.
  connecting.delete(upstreamSockFd);
  waiting.delete(connSockFd);
  waiting.delete(upstreamSockFd);
  remove(connSocks, connSocks.indexOf(connSockFd));
  remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));
  remove(
    routeTable,
    routeTable.findIndex(([conn]) => conn === connSockFd),
  );

  // Closing only the side that ended would leave the other one waiting for ever. epoll forgets closed descriptors.
  close(connSockFd);
  close(upstreamSockFd);
}

/** Takes the entry at index out of a list; an index of -1, "not found", takes nothing. */
function remove(list: unknown[], index: number): void {
  if (index !== -1) list.splice(index, 1);
}

/** Ends the program, saying which system call failed and why. For failures that leave a proxy with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  listenSockFd = createServer();
  epollFd = createLoop();
  loopAttach(epollFd, listenSockFd, EPOLLIN);
  console.log(`proxy: clients on port ${PORT}, upstream on port ${UPSTREAM_PORT}`);
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
