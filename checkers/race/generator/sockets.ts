/** Client sockets and an epoll instance for the generators, with as few system calls as possible. */

import {
  AF_INET,
  close,
  connect,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  type EpollEvent,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  errno,
  IPPROTO_TCP,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  setsockopt,
  sockaddr_in,
  socket,
  strerror,
  TCP_NODELAY,
} from '#linux';

/** A measurement that cannot go on; the message says why. */
export class Stalled extends Error {}

/** A non-blocking socket that is connecting to a local port. On loopback this completes at once. */
export function connectTo(port: number): number {
  const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd === -1) throw new Stalled(`no more sockets for the clients: ${strerror(errno())}`);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (connect(fd, sockaddr_in('127.0.0.1', port)) === -1 && errno() !== 'EINPROGRESS') {
    const why = strerror(errno());
    close(fd);
    throw new Stalled(`connecting failed: ${why}`);
  }
  return fd;
}

const MAX_EVENTS = 512;

/** An epoll instance with its events. */
export class Poll {
  readonly #epollFd = epoll_create1(0);
  readonly #events: EpollEvent[] = [];

  /** Watches a descriptor. */
  add(fd: number, events: number): void {
    epoll_ctl(this.#epollFd, EPOLL_CTL_ADD, fd, { events, data: { fd } });
  }

  /** Watches it for something else. */
  change(fd: number, events: number): void {
    epoll_ctl(this.#epollFd, EPOLL_CTL_MOD, fd, { events, data: { fd } });
  }

  /**
   * Waits for events and hands each over.
   *
   * @returns the number of events; 0: timeout
   */
  wait(ms: number, handle: (fd: number, events: number) => void): number {
    const count = epoll_wait(this.#epollFd, this.#events, MAX_EVENTS, Math.max(0, Math.ceil(ms)));
    for (let i = 0; i < count; i += 1) {
      const event = this.#events[i];
      if (event !== undefined) handle(event.data.fd, event.events);
    }
    return count === -1 && errno() === 'EINTR' ? 1 : count;
  }

  close(): void {
    close(this.#epollFd);
  }
}
