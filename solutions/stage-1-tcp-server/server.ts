/**
 * Stage 1: a TCP server. It answers each line with the same line backwards, and serves one client after another.
 *
 *     client ---- connection socket | server
 *                 (we accepted it)
 *
 * Lesson: docs/stage-1-tcp-server.md. Every function returns -1 or false if a system call fails; what each call
 * returns is in its manual page and in the comments of linux/.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  accept,
  bind,
  close,
  errno,
  listen,
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

/** What the client has sent and we have not answered yet: the first bufferedN bytes of the buffer. */
const buffer = Buffer.alloc(MAX_LINE);
let bufferedN = 0;

/** Creates the listening socket on PORT and returns it. */
export function createServer(): number {
  // TODO 1.1.1: a socket (AF_INET, SOCK_STREAM), SO_REUSEADDR set to 1 on it, bound to port PORT of every interface
  // (sockaddr_in('0.0.0.0', PORT)), listening. If one of these calls returns -1: die('its name').
  // region 1.1.1
  const sockFd = socket(AF_INET, SOCK_STREAM, 0);
  if (sockFd === -1) die('socket');

  // After a restart the kernel still remembers the old connections for a minute (TIME_WAIT). Without this option it
  // would keep the port from us for as long.
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');

  if (bind(sockFd, sockaddr_in('0.0.0.0', PORT)) === -1) die('bind');
  if (listen(sockFd, SOMAXCONN) === -1) die('listen');
  return sockFd;
  // endregion
}

/** Waits for the next client and returns the socket that leads to it; -1 where that failed. */
export function acceptConnection(listenSockFd: number): number {
  // TODO 1.1.2: accept a client on listenSockFd and return its socket. If accept returns -1, print why
  // (strerror(errno())) and return the -1: main goes on with the next client.
  // region 1.1.2
  const connSockFd = accept(listenSockFd);
  // This client has left already, or a signal came. The next one may have more luck.
  if (connSockFd === -1) console.error(`accept: ${strerror(errno())}`);
  return connSockFd;
  // endregion
}

/** Serves one client until it leaves, then closes its socket. */
export function handleClient(connSockFd: number): void {
  // TODO 1.1.3: with an empty buffer to begin with (bufferedN is 0), receive again and again, each time behind what is
  // in the buffer already, add to bufferedN what came, and call answerLines. When the client has left (0), an error
  // occurred (-1), answerLines says false, or the buffer is full: close the socket. A -1 with errno() 'EINTR' only
  // means: try again.
  // region 1.1.3
  // Half a line of the previous client must not reach this one.
  bufferedN = 0;

  // A full buffer without a newline: the line is longer than we answer.
  while (bufferedN < buffer.length) {
    // New bytes belong behind those that are there already.
    const readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, 0);
    if (readN === -1 && errno() === 'EINTR') continue;

    // 0: the client closed. -1: the connection broke. Either way it is over.
    if (readN <= 0) break;
    bufferedN += readN;
    if (!answerLines(connSockFd)) break;
  }
  close(connSockFd);
  // endregion
}

/** Answers every whole line in the buffer and keeps what is left; false if the connection is gone. */
export function answerLines(connSockFd: number): boolean {
  // TODO 1.2.1: while there is a newline among the first bufferedN bytes: take the line up to it, newline included,
  // turn it around, send it. Then move what is left to the front (copyWithin) and set bufferedN to its length.
  // region 1.2.1
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
  // endregion
}

/** Reverses a line in place: 'abc\n' becomes 'cba\n'. */
export function reverseLine(line: Buffer): void {
  // TODO 1.2.2: reverse the bytes in place, all but the last one, which is the newline.
  // region 1.2.2
  // A view of the same memory without the last byte: the newline keeps its place.
  line.subarray(0, line.length - 1).reverse();
  // endregion
}

/** Sends all of a message; false if the connection is gone. */
export function sendAll(sockFd: number, message: Buffer): boolean {
  // TODO 1.2.3: call send() until every byte of the message is taken: it returns how many it took, perhaps fewer than
  // offered; message.subarray(n) skips the first n. Mind the -1.
  // region 1.2.3
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
  // endregion
}

/** Ends the program, saying which system call failed and why. For failures that leave a server with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  const listenSockFd = createServer();
  console.log(`server: clients on port ${PORT}`);
  while (true) {
    const connSockFd = acceptConnection(listenSockFd);
    if (connSockFd !== -1) handleClient(connSockFd);
  }
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
