/**
 * Stage 9: the TCP proxy, fast. The same loop as ever, with fewer system calls in it, and with bytes that never enter
 * the program:
 *
 *     client ---- socket ==splice==> pipe ==splice==> socket ---- upstream     (much data: pages move, nothing is copied)
 *     client ---- socket --recv--> buffer --send--> socket ---- upstream       (a few bytes: two calls instead of three)
 *
 * Every descriptor is given to epoll once, edge-triggered, for everything, and never again. What there is to know about
 * a descriptor stands in two tables that its number leads into.
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
  IPPROTO_TCP,
  listen,
  O_NONBLOCK,
  pipe2,
  recv,
  SHUT_WR,
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
  sockaddr_in,
  socket,
  splice,
  strerror,
  TCP_NODELAY,
} from '#linux';

/** Where clients find us. */
export const PORT = Number(process.env.PORT ?? 8080);
/** Where the upstream server is. */
export const UPSTREAM_PORT = Number(process.env.UPSTREAM_PORT ?? 3000);
/** How many processes share the port. */
export const WORKERS = Number(process.env.WORKERS ?? 1);
/** How many events we take from epoll at a time. */
export const MAX_EVENTS = 256;
/** How many clients are let in, and how many times a direction is served, before others have their turn. */
const ACCEPTS_A_TURN = 64;
const MOVES_A_TURN = 16;
/** Bytes that we ask a pipe to hold: the most that everybody may have. */
const PIPE_BYTES = 1024 * 1024;
/** A pipe counts pages, and a socket's pages are larger than most: so ask for all that there is. */
const EVERYTHING_THERE = 1 << 30;
/** So many empty pipes are kept for the next direction that has much to move. */
const SPARE_PIPES = 32;

/** What we know about a descriptor, in bits. */
const CONNECTING = 1;
/** Bytes or an end came while its peer was still connecting. */
const NEWS = 2;
/** Its stream has ended: there is nothing more to read. */
const ENDED = 4;
/** What came from here did not all fit into its peer, which will say when there is room: EPOLLOUT. */
const STUCK = 8;
/** Its bytes have filled the buffer: they go through a pipe. */
const MUCH = 16;
/** Put on the list of those who were interrupted so that others could have their turn. */
const AGAIN = 32;

/** By descriptor: who is at the other side of us (-1: nobody, it is no client and no upstream), and the bits. */
let peers = new Int32Array(1024).fill(-1);
let bits = new Uint8Array(1024);

/** Bytes that did not fit, by the descriptor that they came from: of a direction without a pipe … */
const leftovers = new Map<number, Buffer>();
/** … and of one that has a pipe. */
interface Pipe {
  out: number;
  into: number;
  /** how many bytes it holds now */
  filled: number;
}
const pipes = new Map<number, Pipe>();
const sparePipes: Pipe[] = [];

/** Those who have more to move, and those that are closed once all events of this batch are looked at. */
let interrupted: number[] = [];
let doomed: number[] = [];
/** Whether the listening socket is not watched, because there are no descriptors left. */
let full = false;

const buffer = Buffer.alloc(64 * 1024);
const upstreamAddress = sockaddr_in('127.0.0.1', UPSTREAM_PORT);
const resetOnClose = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
let listenSockFd = -1;
let epollFd = -1;

/** Creates the listening socket on PORT and returns it. */
export function createServer(): number {
  const sockFd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (sockFd === -1) die('socket');
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');
  // Each process has a socket and a queue of its own on the same port; the kernel deals the clients out.
  if (WORKERS > 1 && setsockopt(sockFd, SOL_SOCKET, SO_REUSEPORT, 1) === -1) die('setsockopt');
  // Accepted sockets inherit this, which saves a call for each.
  setsockopt(sockFd, IPPROTO_TCP, TCP_NODELAY, 1);
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
export function loopAttach(epollFd: number, fd: number, events: number): boolean {
  return epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, { events, data: { fd } }) === 0;
}

/** Waits for events, for ever, and hands each to the function that it is for. */
export function loopRun(epollFd: number): void {
  const events: EpollEvent[] = [];
  while (true) {
    // Nobody waits while somebody has more to do.
    const readyN = epoll_wait(epollFd, events, MAX_EVENTS, interrupted.length > 0 ? 0 : -1);
    if (readyN === -1 && errno() !== 'EINTR') die('epoll_wait');
    for (let i = 0; i < readyN; i += 1) {
      const event = events[i] as EpollEvent;
      if (event.data.fd === listenSockFd) acceptConnections();
      else if (event.data.fd === 0) return;
      else handle(event.data.fd, event.events);
    }
    if (interrupted.length > 0) goOn();
    if (doomed.length > 0) bury();
  }
}

/** Lets in those who wait, up to a number: the others have their turn, too. */
function acceptConnections(): void {
  for (let i = 0; i < ACCEPTS_A_TURN; i += 1) {
    const connSockFd = accept4(listenSockFd, null, null, SOCK_NONBLOCK);
    if (connSockFd === -1) {
      // Out of descriptors, the listening socket stays ready, and epoll would wake us for ever. So do not watch it until
      // somebody leaves.
      if (['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'].includes(errno())) watchListener(false);
      return;
    }
    if (!connectUpstream(connSockFd)) close(connSockFd);
  }
}

function watchListener(watched: boolean): void {
  // With nobody inside there is nobody who could leave.
  if (!watched && connections === 0) return;
  full = !watched;
  epoll_ctl(epollFd, EPOLL_CTL_MOD, listenSockFd, { events: watched ? EPOLLIN : 0, data: { fd: listenSockFd } });
}

let connections = 0;
const EVERYTHING = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/** Begins a connection to the upstream, and watches both sides; false where that cannot be. */
function connectUpstream(connSockFd: number): boolean {
  const upstreamSockFd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (upstreamSockFd === -1) return false;
  setsockopt(upstreamSockFd, IPPROTO_TCP, TCP_NODELAY, 1);
  const begun = connect(upstreamSockFd, upstreamAddress) === 0 || errno() === 'EINPROGRESS';
  // The upstream first: then its "connected" is reported before the client's first bytes.
  if (!begun || !loopAttach(epollFd, upstreamSockFd, EVERYTHING) || !loopAttach(epollFd, connSockFd, EVERYTHING)) {
    close(upstreamSockFd);
    return false;
  }
  grow(Math.max(connSockFd, upstreamSockFd));
  peers[connSockFd] = upstreamSockFd;
  peers[upstreamSockFd] = connSockFd;
  bits[connSockFd] = 0;
  bits[upstreamSockFd] = CONNECTING;
  connections += 1;
  return true;
}

/** Makes the tables long enough for this descriptor. */
function grow(fd: number): void {
  if (fd < peers.length) return;
  const [oldPeers, oldBits] = [peers, bits];
  peers = new Int32Array(2 * fd).fill(-1);
  peers.set(oldPeers);
  bits = new Uint8Array(2 * fd);
  bits.set(oldBits);
}

/** Something has changed at one side of a pair. */
function handle(fd: number, events: number): void {
  const peer = peers[fd] as number;
  if (peer === -1) return;
  if ((bits[fd] as number) & CONNECTING) {
    if (events & (EPOLLERR | EPOLLHUP)) endPair(fd, peer, false);
    if (!(events & EPOLLOUT) || peers[fd] === -1) return;
    bits[fd] = (bits[fd] as number) & ~CONNECTING;
    if ((bits[peer] as number) & NEWS) relay(peer, fd, true);
    if (peers[fd] !== peer) return;
  } else if (events & EPOLLOUT && (bits[peer] as number) & STUCK) {
    relay(peer, fd, true);
    if (peers[fd] !== peer) return;
  }
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
    relay(fd, peer, (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) !== 0);
  }
}

/**
 * Moves bytes in one direction until there are none left, the other side takes no more, or it is the others' turn.
 *
 * @param toTheEnd whether more may be there than one read brings, so that a short one does not mean that there is no more
 */
function relay(from: number, to: number, toTheEnd: boolean): void {
  if ((bits[to] as number) & CONNECTING) {
    bits[from] = (bits[from] as number) | NEWS;
    return;
  }
  for (let i = 0; i < MOVES_A_TURN; i += 1) {
    const more = (bits[from] as number) & MUCH ? movePages(from, to) : moveBytes(from, to, toTheEnd);
    if (!more) return;
  }
  if ((bits[from] as number) & AGAIN) return;
  bits[from] = (bits[from] as number) | AGAIN;
  interrupted.push(from);
}

/** Those who were interrupted go on. */
function goOn(): void {
  const list = interrupted;
  interrupted = [];
  for (const fd of list) {
    bits[fd] = (bits[fd] as number) & ~AGAIN;
    if (peers[fd] !== -1) relay(fd, peers[fd] as number, true);
  }
}

/** One read and one write through the buffer; whether there may be more. */
function moveBytes(from: number, to: number, toTheEnd: boolean): boolean {
  if ((bits[from] as number) & STUCK && !sendLeftover(from, to)) return false;
  if ((bits[from] as number) & ENDED) return false;
  const readN = recv(from, buffer, buffer.length, 0);
  if (readN <= 0) return nothingRead(from, to, readN);
  const sentN = send(to, buffer, readN, 0);
  if (sentN === readN) {
    if (readN === buffer.length) {
      bits[from] = (bits[from] as number) | MUCH;
      return true;
    }
    // A short read has emptied the socket; what comes later is a new event.
    return toTheEnd;
  }
  if (sentN === -1 && errno() !== 'EAGAIN') return endPair(from, to, true);
  bits[from] = (bits[from] as number) | STUCK;
  leftovers.set(from, Buffer.from(buffer.subarray(Math.max(0, sentN), readN)));
  return false;
}

/** Sends what did not fit the last time; whether all of it has gone. */
function sendLeftover(from: number, to: number): boolean {
  const rest = leftovers.get(from);
  if (rest === undefined) return true;
  const sentN = send(to, rest, rest.length, 0);
  if (sentN === -1 && errno() !== 'EAGAIN') return endPair(from, to, true);
  if (sentN < rest.length) {
    if (sentN > 0) leftovers.set(from, rest.subarray(sentN));
    return false;
  }
  leftovers.delete(from);
  bits[from] = (bits[from] as number) & ~STUCK;
  return true;
}

/** One splice into the pipe and one out of it; whether there may be more. */
function movePages(from: number, to: number): boolean {
  const pipe = pipes.get(from) ?? takePipe(from);
  if (pipe === undefined) {
    // No pipe to be had: the buffer will do.
    bits[from] = (bits[from] as number) & ~MUCH;
    return true;
  }
  // What is in it goes first, all of it: only then do we know how many bytes the next splice adds.
  if (pipe.filled > 0) return emptyPipe(pipe, from, to);
  if ((bits[from] as number) & ENDED) return false;
  const readN = splice(from, null, pipe.into, null, EVERYTHING_THERE, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (readN <= 0) return nothingRead(from, to, readN);
  pipe.filled = readN;
  return emptyPipe(pipe, from, to);
}

/** Moves a pipe's pages into the socket; whether all of them have gone. */
function emptyPipe(pipe: Pipe, from: number, to: number): boolean {
  const sentN = splice(pipe.out, null, to, null, pipe.filled, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (sentN === -1 && errno() !== 'EAGAIN') return endPair(from, to, true);
  pipe.filled -= Math.max(0, sentN);
  const done = pipe.filled === 0;
  bits[from] = done ? (bits[from] as number) & ~STUCK : (bits[from] as number) | STUCK;
  // Part of it went: the next try says EAGAIN, and only then will epoll tell us of new room.
  return done || sentN > 0;
}

/** A pipe for a direction: a spare one, or a new one. */
function takePipe(from: number): Pipe | undefined {
  const pipe = sparePipes.pop() ?? createPipe();
  if (pipe !== undefined) pipes.set(from, pipe);
  return pipe;
}

function createPipe(): Pipe | undefined {
  const ends: number[] = [];
  if (pipe2(ends, O_NONBLOCK) === -1) return undefined;
  const [out = -1, into = -1] = ends;
  fcntl(into, F_SETPIPE_SZ, PIPE_BYTES);
  return { out, into, filled: 0 };
}

/** Gives a direction's pipe back. One that is not empty would hand its bytes to a stranger: it is closed. */
function dropPipe(from: number): void {
  const pipe = pipes.get(from);
  if (pipe === undefined) return;
  pipes.delete(from);
  if (pipe.filled === 0 && sparePipes.length < SPARE_PIPES) sparePipes.push(pipe);
  else doomed.push(pipe.out, pipe.into);
}

/** A read brought no bytes: none there yet, the end of the stream, or a broken connection. There is no more in any case. */
function nothingRead(from: number, to: number, result: number): false {
  if (result === -1) {
    const error = errno();
    if (error !== 'EAGAIN' && error !== 'EINTR') endPair(from, to, true);
    else if ((bits[from] as number) & MUCH) {
      // A quiet direction needs no pipe of its own.
      dropPipe(from);
      bits[from] = (bits[from] as number) & ~MUCH;
    }
    return false;
  }
  bits[from] = (bits[from] as number) | ENDED;
  if ((bits[to] as number) & ENDED) endPair(from, to, false);
  // All that came before has been sent: nothing is read while something is stuck.
  else shutdown(to, SHUT_WR);
  return false;
}

/**
 * Ends a pair: forgets both sides at once, closes them when all events of this batch have been looked at, since one of
 * those may still name them.
 *
 * @param broken whether a connection broke: the other side is to see a reset, too, not an end in good order
 * @returns false: there is nothing more to move
 */
function endPair(one: number, other: number, broken: boolean): false {
  for (const fd of [one, other]) {
    if (broken) setsockopt(fd, SOL_SOCKET, SO_LINGER, resetOnClose);
    peers[fd] = -1;
    leftovers.delete(fd);
    dropPipe(fd);
    doomed.push(fd);
  }
  connections -= 1;
  return false;
}

function bury(): void {
  for (const fd of doomed) close(fd);
  doomed = [];
  if (full) watchListener(true);
}

/** Starts the other processes. They end with this one, when their standard input does. */
function startWorkers(): void {
  if (process.env.WORKER !== undefined) return;
  for (let i = 1; i < WORKERS; i += 1) {
    const args = [...process.execArgv, ...process.argv.slice(1)];
    const env = { ...process.env, WORKER: String(i) };
    spawn(process.execPath, args, { env, stdio: ['pipe', 'inherit', 'inherit'] });
  }
}

/** Ends the program, saying which system call failed and why. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

export function main(): void {
  listenSockFd = createServer();
  epollFd = createLoop();
  loopAttach(epollFd, listenSockFd, EPOLLIN);
  if (process.env.WORKER !== undefined) loopAttach(epollFd, 0, EPOLLIN);
  startWorkers();
  if (process.env.WORKER === undefined)
    console.log(`proxy: clients on port ${PORT}, upstream on port ${UPSTREAM_PORT}`);
  loopRun(epollFd);
}

// Started as a program, not imported by another file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
