/**
 * The server behind every proxy of a race. The first byte of a connection selects its service: to echo its bytes,
 * or to send an endless stream. The server ends with its standard input, that is, with the race.
 */
import {
  AF_INET,
  accept,
  bind,
  close,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  IPPROTO_TCP,
  listen,
  MSG_DONTWAIT,
  recv,
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
  TCP_NODELAY,
} from '#linux';
import { FLOOD } from './orders.ts';

const buffer = Buffer.alloc(64 * 1024);
const flood = Buffer.alloc(1024 * 1024, 0xa5);

/** Serves these ports until the standard input ends. Each proxy has its own port, and so its own range of local ports. */
export function serveUpstream(ports: number[]): void {
  const epollFd = epoll_create1(0);
  const listeners = new Set(ports.map(listenOn));
  for (const fd of [0, ...listeners]) watch(epollFd, EPOLL_CTL_ADD, fd, EPOLLIN);
  const floods = new Set<number>();
  const events: EpollEvent[] = [];
  process.stdout.write('ready\n');
  while (true) {
    const count = epoll_wait(epollFd, events, 512, -1);
    for (const event of events.slice(0, Math.max(0, count))) {
      const fd = event.data.fd;
      if (fd === 0) return;
      if (listeners.has(fd)) acceptAll(epollFd, fd);
      else serve(epollFd, fd, event.events, floods);
    }
  }
}

function listenOn(port: number): number {
  const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind(fd, sockaddr_in('127.0.0.1', port)) === -1) throw new Error(`bind ${port}: ${strerror(errno())}`);
  if (listen(fd, SOMAXCONN) === -1) throw new Error(`listen ${port}: ${strerror(errno())}`);
  return fd;
}

function acceptAll(epollFd: number, listener: number): void {
  for (let fd = accept(listener); fd !== -1; fd = accept(listener)) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    watch(epollFd, EPOLL_CTL_ADD, fd, EPOLLIN);
  }
}

function serve(epollFd: number, fd: number, events: number, floods: Set<number>): void {
  if (floods.has(fd) && (events & ~EPOLLOUT) === 0) {
    if (!pour(fd)) forget(fd, floods);
    return;
  }
  const length = recv(fd, buffer, buffer.length, MSG_DONTWAIT);
  if (length === -1 && errno() === 'EAGAIN') return;
  if (length <= 0) forget(fd, floods);
  else if (buffer[0] === FLOOD) {
    floods.add(fd);
    watch(epollFd, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
  } else if (send(fd, buffer, length, MSG_DONTWAIT) !== length) forget(fd, floods);
}

/** Sends until the socket takes no more; false where the connection is gone. */
function pour(fd: number): boolean {
  while (true) {
    const sent = send(fd, flood, flood.length, MSG_DONTWAIT);
    if (sent === -1) return errno() === 'EAGAIN';
    if (sent < flood.length) return true;
  }
}

function forget(fd: number, floods: Set<number>): void {
  floods.delete(fd);
  close(fd);
}

function watch(epollFd: number, operation: number, fd: number, events: number): void {
  epoll_ctl(epollFd, operation, fd, { events, data: { fd } });
}
