/**
 * Stage 4: a TCP proxy. One thread, one epoll loop, and for each client an upstream link of its own.
 *
 *     browser ---- connection socket | proxy | upstream socket ---- python3 -m http.server
 *                  (we accepted it)            (we connected it)
 *
 * Lesson: docs/stage-4-tcp-proxy.md. Every function returns -1 or false if a system call fails; what each call
 * returns is in its manual page and in the comments of linux/.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  accept,
  bind,
  close,
  connect,
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

/** The listening socket, and the epoll instance that watches everything: set once, in main. */
let listenSockFd = -1;
let epollFd = -1;

/** Bytes on their way through. One buffer is enough: it is empty again before the next event is looked at. */
const buffer = Buffer.alloc(256 * 1024);

/** Creates the listening socket on PORT and returns it. */
export function createServer(): number {
  // TODO 4.1.1: a socket (AF_INET, SOCK_STREAM), SO_REUSEADDR set to 1 on it, bound to port PORT of
  // every interface (sockaddr_in('0.0.0.0', PORT)), listening. If one of these calls returns -1: die('its name').
  todo('4.1.1');
}

/** Creates an epoll instance and returns its descriptor. */
export function createLoop(): number {
  // TODO 4.1.2: a new epoll instance (epoll_create1).
  todo('4.1.2');
}

/** Tells epoll to watch fd for these events. */
export function loopAttach(epollFd: number, fd: number, events: number): void {
  // TODO 4.1.3: add fd to the epoll instance (epoll_ctl, EPOLL_CTL_ADD). An event looks like
  // { events, data: { fd } }: data comes back with every event and says which socket it is for.
  todo('4.1.3');
}

/** Waits for events, for ever, and passes each to its handler. */
export function loopRun(epollFd: number): void {
  // TODO 4.1.4: for ever: epoll_wait, then for each of the events that it filled in (not more!) call
  // acceptConnection if it is on listenSockFd, else handleClient if it is on a connection socket (isConnSock), else
  // handleUpstream if it is on an upstream socket (isUpstreamSock). A -1 with errno() 'EINTR' only means: wait again.
  todo('4.1.4');
}

/** Accepts one client, links it to an upstream connection of its own, and remembers the pair. */
export function acceptConnection(listenSockFd: number): void {
  // TODO 4.1.5: accept the client; connect its upstream; attach both sockets to the loop (EPOLLIN); add them
  // to connSocks and upstreamSocks; add the pair to routeTable. If there is no upstream, or if MAX_SOCKS clients are
  // connected already, close the client and keep serving the others.
  todo('4.1.5');
}

/** Opens a connection to the upstream server; returns its socket, or -1 where there is no upstream. */
export function connectUpstream(): number {
  // TODO 4.1.6: a socket, connected to 127.0.0.1, port UPSTREAM_PORT. If connect fails: close it, return -1.
  todo('4.1.6');
}

/** Whether fd leads to a client. */
export function isConnSock(fd: number): boolean {
  // TODO 4.2.1: look it up in connSocks.
  todo('4.2.1');
}

/** Whether fd leads to the upstream server. */
export function isUpstreamSock(fd: number): boolean {
  // TODO 4.2.2: look it up in upstreamSocks.
  todo('4.2.2');
}

/** The upstream socket that belongs to a client's connection socket; -1 if there is none. */
export function findMatchingUpstream(connSockFd: number): number {
  // TODO 4.2.3: go through the rows of routeTable and return the other half of the one that has connSockFd.
  todo('4.2.3');
}

/** The connection socket of the client that an upstream socket was opened for; -1 if there is none. */
export function findMatchingConn(upstreamSockFd: number): number {
  // TODO 4.2.4: the same, the other way round.
  todo('4.2.4');
}

/** Sends the first messageLen bytes of the buffer, all of them; false if the connection is gone. */
export function sendAll(sockFd: number, messageLen: number): boolean {
  // TODO 4.2.5: call send() until every byte is taken: it returns how many it took, perhaps fewer than
  // offered; buffer.subarray(n) skips the first n. Mind the -1.
  todo('4.2.5');
}

/** Something happened on a client's socket: passes its bytes on to its upstream, or notices that it left. */
export function handleClient(connSockFd: number): void {
  // TODO 4.2.6: receive into buffer; send what came, that many bytes and no more, to the matching upstream.
  // When the client has left (0), or an error occurred (-1), or upstream takes no more: closePair.
  todo('4.2.6');
}

/** Something happened on an upstream socket: passes its bytes on to its client, or notices that it closed. */
export function handleUpstream(upstreamSockFd: number): void {
  // TODO 4.2.7: the same in the other direction.
  todo('4.2.7');
}

/** Ends a pair: forgets both sockets and their row, then closes both. */
export function closePair(connSockFd: number, upstreamSockFd: number): void {
  // TODO 4.2.8: remove both sockets from connSocks and upstreamSocks, and their row from routeTable (each
  // only if it is there), then close both. Why in this order? The kernel re-uses a closed descriptor's number at once.
  todo('4.2.8');
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
