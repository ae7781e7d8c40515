/** Two ends of one TCP connection, both in this process: all that an experiment needs. */
import {
  AF_INET,
  accept,
  bind,
  close,
  connect,
  EPOLL_CTL_ADD,
  EPOLLIN,
  epoll_create1,
  epoll_ctl,
  epoll_wait,
  getsockname,
  listen,
  parse_sockaddr_in,
  SOCK_STREAM,
  sockaddr_in,
  socket,
} from '#linux';

/** Connects a client to a server, on a port of the kernel's choice. */
export function connectedPair(): { client: number; server: number } {
  const listener = socket(AF_INET, SOCK_STREAM, 0);
  bind(listener, sockaddr_in('127.0.0.1', 0));
  listen(listener, 1);
  const address = Buffer.alloc(16);
  getsockname(listener, address);
  const client = socket(AF_INET, SOCK_STREAM, 0);
  // The kernel completes the handshake, so this does not have to wait for accept.
  connect(client, sockaddr_in('127.0.0.1', parse_sockaddr_in(address).port));
  const server = accept(listener);
  close(listener);
  return { client, server };
}

/** Waits, at most a second, until there is something to read from fd. */
export function untilReadable(fd: number): void {
  const loop = epoll_create1(0);
  epoll_ctl(loop, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
  epoll_wait(loop, [], 1, 1000);
  close(loop);
}
