/** Moving bytes through descriptors, and giving descriptors back. */
import { checkNumber } from './arguments.ts';
import { checkLength } from './buffers.ts';
import { bindCall } from './libc.ts';

type TransferCall = [number, Buffer, number, number];
const nativeRecv = bindCall<TransferCall>('intptr_t recv(int sockfd, void *buffer, size_t length, int flags)');

/**
 * Takes bytes that have arrived. Waits while there are none, unless the socket is non-blocking or MSG_DONTWAIT is set.
 *
 * @param sockfd a connected socket
 * @param buffer where to put them, from its first byte on; what lies behind the returned count is left as it was
 * @param length how many bytes at the most; at most buffer.length
 * @param flags 0, or MSG_PEEK, MSG_DONTWAIT
 * @returns how many bytes came, often fewer than asked for; 0 at the end of the stream, or for a length of 0;
 *   -1 on failure (ECONNRESET: the peer reset the connection, EAGAIN: nothing there yet, EINTR, EBADF, …)
 * @throws RangeError when length does not fit the buffer
 * @see recv(2)
 */
export function recv(sockfd: number, buffer: Buffer, length: number, flags: number): number {
  checkLength('recv', buffer, length);
  return nativeRecv(sockfd, buffer, length, flags);
}

const nativeSend = bindCall<TransferCall>('intptr_t send(int sockfd, const void *buffer, size_t length, int flags)');

/**
 * Hands bytes to the kernel for sending. Waits while its send buffer is full, unless the socket is non-blocking or
 * MSG_DONTWAIT is set.
 *
 * @param sockfd a connected socket
 * @param buffer the bytes, from its first one on; `buffer.subarray(n)` starts n bytes later without copying
 * @param length how many of them; at most buffer.length
 * @param flags 0, or MSG_DONTWAIT, MSG_NOSIGNAL
 * @returns how many bytes the kernel took, possibly fewer than offered; -1 on failure (EPIPE or ECONNRESET: the
 *   connection is gone, EAGAIN: no room now, EINTR, EBADF, …). SIGPIPE does not end a Node program: Node ignores it.
 * @throws RangeError when length does not fit the buffer
 * @see send(2)
 */
export function send(sockfd: number, buffer: Buffer, length: number, flags: number): number {
  checkLength('send', buffer, length);
  return nativeSend(sockfd, buffer, length, flags);
}

type FileCall = [number, Buffer, number];
const nativeRead = bindCall<FileCall>('intptr_t read(int fd, void *buffer, size_t length)');

/**
 * Takes bytes from any descriptor: a file, a terminal, a pipe, a socket. Waits while there are none, unless the
 * descriptor is non-blocking or at its end. A terminal hands over one line at a time, once Enter is pressed.
 *
 * @param fd any descriptor that is open for reading; 0 is the standard input
 * @param buffer where to put them, from its first byte on; what lies behind the returned count is left as it was
 * @param count how many bytes at the most; at most buffer.length
 * @returns how many bytes came, often fewer than asked for; 0 at the end of the file or stream, or for a count of 0;
 *   -1 on failure (EAGAIN: nothing there yet, EINTR, EBADF, EISDIR, …)
 * @throws RangeError when count does not fit the buffer
 * @see read(2)
 */
export function read(fd: number, buffer: Buffer, count: number): number {
  checkLength('read', buffer, count);
  return nativeRead(fd, buffer, count);
}

const nativeWrite = bindCall<FileCall>('intptr_t write(int fd, const void *buffer, size_t length)');

/**
 * Hands bytes to any descriptor: a file, a terminal, a pipe, a socket. Waits while there is no room, unless the
 * descriptor is non-blocking.
 *
 * @param fd any descriptor that is open for writing; 1 is the standard output, 2 the standard error
 * @param buffer the bytes, from its first one on; `buffer.subarray(n)` starts n bytes later without copying
 * @param count how many of them; at most buffer.length
 * @returns how many bytes were taken, possibly fewer than offered; -1 on failure (EPIPE: the reading end is closed, ENOSPC:
 *   the disk is full, EAGAIN: no room now, EINTR, EBADF, …)
 * @throws RangeError when count does not fit the buffer
 * @see write(2)
 */
export function write(fd: number, buffer: Buffer, count: number): number {
  checkLength('write', buffer, count);
  return nativeWrite(fd, buffer, count);
}

/**
 * Ends one or both directions of a connection while the descriptor stays open.
 *
 * @param sockfd a connected socket
 * @param how SHUT_RD, SHUT_WR (the peer sees end of stream) or SHUT_RDWR
 * @returns 0; -1 on failure (ENOTCONN, EBADF, …)
 * @see shutdown(2)
 */
export const shutdown = bindCall<[sockfd: number, how: number]>('int shutdown(int sockfd, int how)');

/**
 * Gives a descriptor back. The kernel hands the number out again at once, and an epoll instance forgets it. Do not call
 * it again after EINTR: the descriptor is gone all the same.
 *
 * @param fd any descriptor
 * @returns 0; -1 on failure (EBADF: not open, EINTR, EIO)
 * @see close(2)
 */
export const close = bindCall<[fd: number]>('int close(int fd)');

// Variadic in C. The third argument has to be declared as such, since arm64 on some systems passes it differently.
const nativeFcntl = bindCall<[number, number, ...unknown[]]>('int fcntl(int fd, int operation, ...)');

/**
 * Reads or sets the flags of a descriptor.
 *
 * @param fd any descriptor
 * @param operation F_GETFL or F_SETFL; of a pipe also F_GETPIPE_SZ or F_SETPIPE_SZ
 * @param argument for F_SETFL the new flags, e.g. `flags | O_NONBLOCK`; for F_SETPIPE_SZ the bytes that it is to hold
 * @returns F_GETFL: the flags; F_SETFL: 0; F_GETPIPE_SZ and F_SETPIPE_SZ: the bytes that the pipe holds; -1 on failure
 *   (EBADF, EINVAL, EPERM: more than the system allows, EBUSY: a pipe holds more than that right now, …)
 * @see fcntl(2)
 */
export function fcntl(fd: number, operation: number, argument = 0): number {
  checkNumber('fcntl', 'argument', argument);
  return nativeFcntl(fd, operation, 'int', argument);
}
