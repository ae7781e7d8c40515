/**
 * Stage 2: a TCP client. It sends each line of its standard input to the server, and prints the line that comes back.
 *
 *     standard input  ---> |        |  -- send -->  |
 *                          | client |  socket       | server
 *     standard output <--- |        |  <-- recv --  |
 *
 * Lesson: docs/stage-2-tcp-client.md. What each call returns is in its manual page and in the comments of linux/.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  close,
  connect,
  errno,
  read,
  recv,
  SOCK_STREAM,
  send,
  sockaddr_in,
  socket,
  strerror,
  write,
} from '#linux';
import { todo } from '#todo';

/** The port of the server. */
export const PORT = Number(process.env.PORT ?? 8080);
/** The longest line that we can read or receive, in bytes, its newline included. */
export const MAX_LINE = 64 * 1024;

/** Descriptors that every program has from the start. */
const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

/** What was read and not sent yet: the first inputN bytes of input. */
const input = Buffer.alloc(MAX_LINE);
let inputN = 0;
/** The answer, as far as it has come: the first answerN bytes of answer. */
const answer = Buffer.alloc(MAX_LINE);
let answerN = 0;

/** Opens a connection to the server and returns its socket. */
export function connectServer(): number {
  // TODO 2.1.1: a socket (AF_INET, SOCK_STREAM), connected to 127.0.0.1, port PORT. If one of these calls returns
  // -1: die('its name').
  todo('2.1.1');
}

/** The next line of the standard input, its newline included; undefined at the end of the input. */
export function readLine(): Buffer | undefined {
  // TODO 2.1.2: if takeLine() has a line, return it. If not, read() from STANDARD_INPUT, behind the inputN bytes that
  // are in `input` already, add to inputN what came, and try again. At the end of the input (0): return takeRest(). -1:
  // errno() 'EINTR' only means try again; anything else: die('read').
  todo('2.1.2');
}

/** Sends all of a message; false if the connection is gone. As in stage 1. */
export function sendAll(sockFd: number, message: Buffer): boolean {
  // TODO 2.2.1: as in stage 1: call send() until every byte of the message is taken. Mind the -1.
  todo('2.2.1');
}

/** Receives the answer to one line into `answer`, all of it; false if the server ended the connection before. */
export function receiveAnswer(sockFd: number): boolean {
  // TODO 2.2.2: with an empty answer to begin with (answerN is 0), receive behind the answerN bytes that are there
  // already, until there is a newline among them. If the server has ended the connection (0), or an error occurred
  // (-1): return false. 'EINTR' only means: try again.
  todo('2.2.2');
}

/** Prints the answer on the standard output, all of it. */
export function printAnswer(): void {
  // TODO 2.2.3: write() the first answerN bytes of `answer` to STANDARD_OUTPUT, all of them and no more. Like send(),
  // it returns how many it took. -1: 'EINTR' means try again; anything else: die('write').
  todo('2.2.3');
}

/** Takes the first whole line out of `input`; undefined if there is none. */
function takeLine(): Buffer | undefined {
  const lineEnd = input.subarray(0, inputN).indexOf('\n');
  if (lineEnd === -1 && inputN < input.length) return undefined;
  if (lineEnd === -1) giveUp(`a line of the input is longer than ${MAX_LINE} bytes`);
  // A copy: the next line will overwrite this memory at once.
  const line = Buffer.from(input.subarray(0, lineEnd + 1));
  input.copyWithin(0, lineEnd + 1, inputN);
  inputN -= line.length;
  return line;
}

/** What is left at the end of the input: a last line without a newline gets one, or the server would wait for it. */
function takeRest(): Buffer | undefined {
  if (inputN === 0) return undefined;
  const line = Buffer.concat([input.subarray(0, inputN), Buffer.from('\n')]);
  inputN = 0;
  return line;
}

/** Ends the program, saying which system call failed and why. */
function die(call: string): never {
  giveUp(`${call}: ${strerror(errno())}`);
}

/** Ends the program with a sentence. */
function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

export function main(): void {
  const sockFd = connectServer();
  for (let line = readLine(); line !== undefined; line = readLine()) {
    if (!sendAll(sockFd, line) || !receiveAnswer(sockFd)) giveUp('The server ended the connection.');
    printAnswer();
  }
  close(sockFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
