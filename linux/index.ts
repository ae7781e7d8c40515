/**
 * The system calls of the workshop, with the names, arguments and results of their manual pages. -1 means
 * failure, and `errno()` then says which. Import them as '#linux'.
 */
export { type LengthPointer, parse_sockaddr_in, SOCKADDR_IN_LENGTH, sockaddr_in } from './address.ts';
export * from './constants.ts';
export { type EpollEvent, epoll_create1, epoll_ctl, epoll_wait } from './epoll.ts';
export { close, fcntl, read, recv, send, shutdown, write } from './io.ts';
export { errno, strerror } from './libc.ts';
export { pipe2, splice } from './pipe.ts';
export { read_signal, signalfd } from './signalfd.ts';
export {
  accept,
  accept4,
  bind,
  connect,
  getpeername,
  getsockname,
  getsockopt,
  listen,
  setsockopt,
  socket,
} from './socket.ts';
