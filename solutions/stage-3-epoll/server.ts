/**
 * Stage 3: a TCP server for many clients at once. One thread, one epoll loop, and for each client a line of its own.
 *
 *     client ---- connection socket |
 *     client ---- connection socket | server
 *     client ---- connection socket |
 *                 (we accepted them)
 *
 * Lesson: docs/stage-3-epoll.md. Every function returns -1 or false if a system call fails; what each call
 * returns is in its manual page and in the comments of linux/.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  accept,
  bind,
  close,
  EPOLL_CTL_ADD,
  EPOLLIN,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  listen,
  MSG_DONTWAIT,
  recv,
  SO_REUSEADDR,
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
/** The longest line that we answer, in bytes, its newline included. */
export const MAX_LINE = 64 * 1024;
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 64;

/** The beginning of a line that each client has sent and not ended yet, by its connection socket. */
export const unfinishedLines = new Map<number, Buffer>();

/** The listening socket, and the epoll instance that watches everything: set once, in main. */
let listenSockFd = -1;
let epollFd = -1;

/**
 * What one client has sent and we have not answered yet: the first bufferedN bytes of the buffer. One buffer is enough:
 * what is left of it goes to unfinishedLines before the next event is looked at.
 */
const buffer = Buffer.alloc(MAX_LINE);
let bufferedN = 0;

/** Creates the listening socket on PORT and returns it. As in stage 1. */
export function createServer(): number {
  const sockFd = socket(AF_INET, SOCK_STREAM, 0);
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
  // TODO 3.1.1: a new epoll instance (epoll_create1).
  // region 3.1.1
  const loopFd = epoll_create1(0);
  if (loopFd === -1) die('epoll_create1');
  return loopFd;
  // endregion
}

/** Tells epoll to watch fd for these events. */
export function loopAttach(epollFd: number, fd: number, events: number): void {
  // TODO 3.1.2: add fd to the epoll instance (epoll_ctl, EPOLL_CTL_ADD). An event looks like { events, data: { fd } }:
  // data comes back with every event and says which socket it is for.
  // region 3.1.2
  // The kernel returns `data` with every event. We put the descriptor in it: nothing else says which socket it is for.
  if (epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, { events, data: { fd } }) === -1) die('epoll_ctl');
  // endregion
}

/** Waits for events, for ever, and passes each to its handler. */
export function loopRun(epollFd: number): void {
  // TODO 3.1.3: for ever: epoll_wait, then for each of the events that it filled in (not more!) call acceptConnection
  // if it is on listenSockFd, else handleClient. A -1 with errno() 'EINTR' only means: wait again.
  // region 3.1.3
  const events: EpollEvent[] = [];
  while (true) {
    const readyN = epoll_wait(epollFd, events, MAX_EVENTS, -1);
    if (readyN === -1) {
      // A signal, such as Ctrl-Z and fg, interrupts the wait. That is no failure: wait again.
      if (errno() === 'EINTR') continue;
      die('epoll_wait');
    }
    for (const event of events.slice(0, readyN)) {
      const fd = event.data.fd;
      if (fd === listenSockFd) acceptConnection(fd);
      else handleClient(fd);
    }
  }
  // endregion
}

/** Accepts one client and lets the loop watch it. */
export function acceptConnection(listenSockFd: number): void {
  // TODO 3.1.4: accept the client, attach its socket to the loop (EPOLLIN), and set its unfinished line to an empty
  // buffer. If accept returns -1, print why and return: the others are still to be served.
  // region 3.1.4
  const connSockFd = accept(listenSockFd);
  if (connSockFd === -1) {
    console.error(`accept: ${strerror(errno())}`);
    return;
  }
  loopAttach(epollFd, connSockFd, EPOLLIN);
  unfinishedLines.set(connSockFd, Buffer.alloc(0));
  // endregion
}

/** Something happened on a client's socket: answers the lines that are whole now, or notices that it left. */
export function handleClient(connSockFd: number): void {
  // TODO 3.2.1: copy this client's unfinished line to the front of the buffer, and receive behind it, once. If it has
  // left (0), or an error occurred (-1), or answerLines returns false, or the buffer is full:
  // closeClient. Else keep what is left of the buffer as its unfinished line, in a copy. EAGAIN and EINTR: just return.
  // region 3.2.1
  // The beginning of this client's line comes first, and new bytes belong behind it.
  bufferedN = unfinishedLines.get(connSockFd)?.copy(buffer) ?? 0;

  // epoll has said that there is something to read. If it is gone, do not wait for more: other clients would wait, too.
  const readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, MSG_DONTWAIT);
  if (readN === -1 && (errno() === 'EAGAIN' || errno() === 'EINTR')) return;

  // 0: the client closed. -1: the connection broke. Either way it is over.
  if (readN <= 0) {
    closeClient(connSockFd);
    return;
  }
  bufferedN += readN;

  // It is over, too, if the client takes no answers, or if the buffer is full without the end of a line in it.
  if (answerLines(connSockFd) && bufferedN < buffer.length) {
    // A copy: the next client's bytes will be in the same buffer.
    unfinishedLines.set(connSockFd, Buffer.from(buffer.subarray(0, bufferedN)));
  } else {
    closeClient(connSockFd);
  }
  // endregion
}

/** Ends the connection to a client: forgets its line, then closes its socket. */
export function closeClient(connSockFd: number): void {
  // TODO 3.2.2: forget the client's unfinished line, then close its socket. Why in this order? The kernel re-uses a
  // closed descriptor's number at once.
  // region 3.2.2
  // Forget first. The moment a descriptor is closed, the kernel may give its number to a new client, which must not
  // find what another one has left behind. epoll forgets closed descriptors by itself.
  unfinishedLines.delete(connSockFd);
  close(connSockFd);
  // endregion
}

/** Answers every whole line in the buffer and keeps what is left; false if the connection is gone. As in stage 1. */
export function answerLines(connSockFd: number): boolean {
  const received = buffer.subarray(0, bufferedN);
  let lineStart = 0;
  let lineEnd = received.indexOf('\n');
  while (lineEnd !== -1) {
    const line = received.subarray(lineStart, lineEnd + 1);
    reverseLine(line);
    if (!sendAll(connSockFd, line)) return false;
    lineStart = lineEnd + 1;
    lineEnd = received.indexOf('\n', lineStart);
  }

  // The beginning of a line may be left. It moves to the front, so that its rest can be put behind it.
  received.copyWithin(0, lineStart);
  bufferedN -= lineStart;
  return true;
}

/** Reverses a line in place: 'abc\n' becomes 'cba\n'. As in stage 1. */
export function reverseLine(line: Buffer): void {
  // A view of the same memory without the last byte: the newline keeps its place.
  line.subarray(0, line.length - 1).reverse();
}

/** Sends all of a message; false if the connection is gone. As in stage 1. */
export function sendAll(sockFd: number, message: Buffer): boolean {
  let bytesWritten = 0;
  while (bytesWritten < message.length) {
    // send() may take fewer bytes than offered, so each turn offers only what is left.
    const n = send(sockFd, message.subarray(bytesWritten), message.length - bytesWritten, 0);
    if (n === -1) {
      if (errno() === 'EINTR') continue;
      // Adding this -1 to bytesWritten would make this loop run for ever.
      return false;
    }
    bytesWritten += n;
  }
  return true;
}

/** Ends the program, saying which system call failed and why. For failures that leave a server with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  listenSockFd = createServer();
  epollFd = createLoop();
  loopAttach(epollFd, listenSockFd, EPOLLIN);
  console.log(`server: clients on port ${PORT}`);
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
