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
import { todo } from '#todo';

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
  todo('3.1.1');
}

/** Tells epoll to watch fd for these events. */
export function loopAttach(epollFd: number, fd: number, events: number): void {
  // TODO 3.1.2: add fd to the epoll instance (epoll_ctl, EPOLL_CTL_ADD). An event looks like { events, data: { fd } }:
  // data comes back with every event and says which socket it is for.
  todo('3.1.2');
}

/** Waits for events, for ever, and passes each to its handler. */
export function loopRun(epollFd: number): void {
  // TODO 3.1.3: for ever: epoll_wait, then for each of the events that it filled in (not more!) call acceptConnection
  // if it is on listenSockFd, else handleClient. A -1 with errno() 'EINTR' only means: wait again.
  todo('3.1.3');
}

/** Accepts one client and lets the loop watch it. */
export function acceptConnection(listenSockFd: number): void {
  // TODO 3.1.4: accept the client, attach its socket to the loop (EPOLLIN), and set its unfinished line to an empty
  // buffer. If accept returns -1, print why and return: the others are still to be served.
  todo('3.1.4');
}

/** Something happened on a client's socket: answers the lines that are whole now, or notices that it left. */
export function handleClient(connSockFd: number): void {
  // TODO 3.2.1: copy this client's unfinished line to the front of the buffer, and receive behind it, once. If it has
  // left (0), or an error occurred (-1), or answerLines returns false, or the buffer is full:
  // closeClient. Else keep what is left of the buffer as its unfinished line, in a copy. EAGAIN and EINTR: just return.
  todo('3.2.1');
}

/** Ends the connection to a client: forgets its line, then closes its socket. */
export function closeClient(connSockFd: number): void {
  // TODO 3.2.2: forget the client's unfinished line, then close its socket. Why in this order? The kernel re-uses a
  // closed descriptor's number at once.
  todo('3.2.2');
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
