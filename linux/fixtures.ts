/** Sockets on loopback for the tests of this folder. All descriptors are closed when their test ends. */
import { expect, onTestFinished } from 'vitest';
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
  F_GETFL,
  fcntl,
  getsockname,
  listen,
  MSG_DONTWAIT,
  O_NONBLOCK,
  parse_sockaddr_in,
  recv,
  SO_LINGER,
  SOCK_STREAM,
  SOCKADDR_IN_LENGTH,
  SOL_SOCKET,
  send,
  setsockopt,
  sockaddr_in,
  socket,
} from '#linux';

const open = new Set<number>();

/** Returns a new descriptor, after registering it to be closed when the test ends. */
export function opened(fd: number): number {
  expect(fd, `descriptor of a call that should succeed (${errno()})`).toBeGreaterThan(-1);
  open.add(fd);
  onTestFinished(() => {
    if (open.delete(fd)) close(fd);
  });
  return fd;
}

/** Closes a descriptor before its test ends. A second close could hit another file that has its number by then. */
export function closeNow(fd: number): void {
  expect(open.delete(fd)).toBe(true);
  expect(close(fd)).toBe(0);
}

/** Closes a connected socket so that its peer gets a reset: lingering for 0 seconds throws unsent bytes away. */
export function resetNow(fd: number): void {
  const onForZeroSeconds = Buffer.alloc(8);
  onForZeroSeconds.writeInt32LE(1, 0);
  expect(setsockopt(fd, SOL_SOCKET, SO_LINGER, onForZeroSeconds)).toBe(0);
  closeNow(fd);
}

/** A TCP socket; flags: SOCK_NONBLOCK or none. */
export function tcpSocket(flags = 0): number {
  return opened(socket(AF_INET, SOCK_STREAM | flags, 0));
}

/** Check this before a call that may block: a call that blocks for ever also blocks the test runner. */
export function expectNonBlocking(fd: number): void {
  expect(fcntl(fd, F_GETFL) & O_NONBLOCK).toBe(O_NONBLOCK);
}

/** The port that the kernel chose for a socket. */
export function portOf(fd: number): number {
  const address = Buffer.alloc(SOCKADDR_IN_LENGTH);
  expect(getsockname(fd, address)).toBe(0);
  return parse_sockaddr_in(address).port;
}

/** A socket that has a loopback port of its own and does not listen: connecting there is refused. */
export function boundSocket(): { fd: number; port: number } {
  const fd = tcpSocket();
  expect(bind(fd, sockaddr_in('127.0.0.1', 0))).toBe(0);
  return { fd, port: portOf(fd) };
}

/** A listening socket without a client yet: call `ready` before accepting from it. */
export function listeningSocket(): { fd: number; port: number } {
  const { fd, port } = boundSocket();
  expect(listen(fd, 128)).toBe(0);
  return { fd, port };
}

/** Both ends of one connection. */
export function connectedPair(): { client: number; server: number } {
  const { fd, port } = listeningSocket();
  const client = tcpSocket();
  expect(connect(client, sockaddr_in('127.0.0.1', port))).toBe(0);
  ready(fd);
  const server = opened(accept(fd));
  closeNow(fd);
  return { client, server };
}

/** An epoll instance that watches these descriptors for these events, each noted with its own number. */
export function watching(events: number, ...fds: number[]): number {
  const epfd = opened(epoll_create1(0));
  for (const fd of fds) expect(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events, data: { fd } })).toBe(0);
  return epfd;
}

/** Waits, for 2 s at the most, until something on this descriptor is ready, and says what. */
export function ready(fd: number, events = EPOLLIN): number {
  const epfd = watching(events, fd);
  const happened: EpollEvent[] = [];
  expect(epoll_wait(epfd, happened, 1, 2000), `something ready on descriptor ${fd}`).toBe(1);
  closeNow(epfd);
  return happened[0]?.events ?? 0;
}

/** What has arrived, waiting for its first byte if need be; '' at the end of the stream; the error that came instead. */
export function received(fd: number): string {
  ready(fd);
  const buffer = Buffer.alloc(1024);
  const n = recv(fd, buffer, buffer.length, MSG_DONTWAIT);
  return n === -1 ? errno() : buffer.toString('latin1', 0, n);
}

/** Offers a text to send(): how many bytes it took, or the error that came instead. */
export function sent(fd: number, text: string, flags = 0): number | string {
  const n = send(fd, Buffer.from(text, 'latin1'), text.length, flags);
  return n === -1 ? errno() : n;
}
