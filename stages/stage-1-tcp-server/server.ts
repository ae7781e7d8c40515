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
import { todo } from '#todo';

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
  todo('1.1.1');
}

/** Waits for the next client and returns the socket that leads to it; -1 where that failed. */
export function acceptConnection(listenSockFd: number): number {
  // TODO 1.1.2: accept a client on listenSockFd and return its socket. If accept returns -1, print why
  // (strerror(errno())) and return the -1: main goes on with the next client.
  todo('1.1.2');
}

/** Serves one client until it leaves, then closes its socket. */
export function handleClient(connSockFd: number): void {
  // TODO 1.1.3: with an empty buffer to begin with (bufferedN is 0), receive again and again, each time behind what is
  // in the buffer already, add to bufferedN what came, and call answerLines. When the client has left (0), an error
  // occurred (-1), answerLines says false, or the buffer is full: close the socket. A -1 with errno() 'EINTR' only
  // means: try again.
  todo('1.1.3');
}

/** Answers every whole line in the buffer and keeps what is left; false if the connection is gone. */
export function answerLines(connSockFd: number): boolean {
  // TODO 1.2.1: while there is a newline among the first bufferedN bytes: take the line up to it, newline included,
  // turn it around, send it. Then move what is left to the front (copyWithin) and set bufferedN to its length.
  todo('1.2.1');
}

/** Reverses a line in place: 'abc\n' becomes 'cba\n'. */
export function reverseLine(line: Buffer): void {
  // TODO 1.2.2: reverse the bytes in place, all but the last one, which is the newline.
  todo('1.2.2');
}

/** Sends all of a message; false if the connection is gone. */
export function sendAll(sockFd: number, message: Buffer): boolean {
  // TODO 1.2.3: call send() until every byte of the message is taken: it returns how many it took, perhaps fewer than
  // offered; message.subarray(n) skips the first n. Mind the -1.
  todo('1.2.3');
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
