/** Making, naming and configuring sockets. */
import { type LengthPointer, SOCKADDR_IN_LENGTH } from './address.ts';
import { checkBuffer, checkNumber, message } from './arguments.ts';
import { checkLength } from './buffers.ts';
import { bindCall } from './libc.ts';

/**
 * Makes a socket.
 *
 * @param domain address family: AF_INET
 * @param type SOCK_STREAM, or-ed with SOCK_NONBLOCK or SOCK_CLOEXEC if wanted
 * @param protocol 0: the only one that fits
 * @returns its file descriptor, the lowest free number; -1 on failure (EMFILE: this process has too many, EINVAL, …)
 * @see socket(2)
 */
export const socket = bindCall<[domain: number, type: number, protocol: number]>(
  'int socket(int domain, int type, int protocol)',
);

const nativeBind = bindCall<[number, Buffer, number]>('int bind(int sockfd, const void *address, uint32_t length)');

/**
 * Gives a socket its local address and port.
 *
 * @param sockfd a socket
 * @param address from `sockaddr_in()`
 * @param length of the address in bytes
 * @returns 0; -1 on failure (EADDRINUSE: the port is in use, EACCES: ports below 1024, …)
 * @see bind(2)
 */
export function bind(sockfd: number, address: Buffer, length: number = address?.length ?? 0): number {
  checkLength('bind', address, length, 'address');
  return nativeBind(sockfd, address, length);
}

/**
 * Makes a socket accept connections: from now on the kernel completes handshakes on its port and queues them.
 *
 * @param sockfd a socket with a local address
 * @param backlog how many connections may wait in the queue; SOMAXCONN is a good answer
 * @returns 0; -1 on failure (EADDRINUSE, EBADF, …)
 * @see listen(2)
 */
export const listen = bindCall<[sockfd: number, backlog: number]>('int listen(int sockfd, int backlog)');

type AddressCall = [number, Buffer | null, Buffer | null];
const nativeAccept = bindCall<AddressCall>('int accept(int sockfd, void *address, void *length)');

/**
 * Takes the first connection from a listening socket's queue. Waits for one when the queue is empty, unless the socket
 * is non-blocking.
 *
 * @param sockfd a listening socket
 * @param address where to write the peer's address (16 bytes), or null
 * @param length its room, then its length; null with a null address
 * @returns a new descriptor for the connection; -1 on failure (EAGAIN: none is waiting, EMFILE, ECONNABORTED, EINTR, …)
 * @see accept(2)
 */
export function accept(sockfd: number, address: Buffer | null = null, length: LengthPointer | null = null): number {
  if (address === null) return nativeAccept(sockfd, null, null);
  return withLength('accept', nativeAccept, sockfd, address, length);
}

type Accept4Call = [number, Buffer | null, Buffer | null, number];
const nativeAccept4 = bindCall<Accept4Call>(
  'int accept4(int sockfd, void *address, void *length, int flags)',
  'accept', // in the trace every accepted connection has the same name
);

/**
 * Takes the first connection from a listening socket's queue, as accept() does, and gives the new descriptor flags. On
 * Linux a connection does not inherit the listening socket's own.
 *
 * @param sockfd a listening socket
 * @param address where to write the peer's address (16 bytes), or null
 * @param length its room, then its length; null with a null address
 * @param flags SOCK_NONBLOCK and SOCK_CLOEXEC, or-ed together, or 0
 * @returns a new descriptor for the connection; -1 on failure (EAGAIN: none is waiting, EMFILE, EINVAL: unknown flags, …)
 * @see accept4(2)
 */
export function accept4(sockfd: number, address: Buffer | null, length: LengthPointer | null, flags: number): number {
  if (address === null) return nativeAccept4(sockfd, null, null, flags);
  const call = (fd: number, room: Buffer | null, pointer: Buffer | null) => nativeAccept4(fd, room, pointer, flags);
  return withLength('accept4', call, sockfd, address, length);
}

const nativeConnect = bindCall<[number, Buffer, number]>(
  'int connect(int sockfd, const void *address, uint32_t length)',
);

/**
 * Connects a socket to a listening one. Waits for the handshake, unless the socket is non-blocking.
 *
 * @param sockfd a socket
 * @param address from `sockaddr_in()`
 * @param length of the address in bytes
 * @returns 0; -1 on failure (ECONNREFUSED: no socket listens there, ETIMEDOUT, EINPROGRESS: non-blocking and under way, …)
 * @see connect(2)
 */
export function connect(sockfd: number, address: Buffer, length: number = address?.length ?? 0): number {
  checkLength('connect', address, length, 'address');
  return nativeConnect(sockfd, address, length);
}

const nativeGetsockname = bindCall<AddressCall>('int getsockname(int sockfd, void *address, void *length)');

/**
 * Reads a socket's own address.
 *
 * @param sockfd a socket
 * @param address where to write it (16 bytes); read it with `parse_sockaddr_in()`
 * @param length its room, then its length
 * @returns 0; -1 on failure (EBADF, ENOTSOCK, …)
 * @see getsockname(2)
 */
export function getsockname(sockfd: number, address: Buffer, length: LengthPointer | null = null): number {
  return withLength('getsockname', nativeGetsockname, sockfd, address, length);
}

const nativeGetpeername = bindCall<AddressCall>('int getpeername(int sockfd, void *address, void *length)');

/**
 * Reads the address of the peer that a socket is connected to.
 *
 * @param sockfd a connected socket
 * @param address where to write it (16 bytes); read it with `parse_sockaddr_in()`
 * @param length its room, then its length
 * @returns 0; -1 on failure (ENOTCONN, EBADF, …)
 * @see getpeername(2)
 */
export function getpeername(sockfd: number, address: Buffer, length: LengthPointer | null = null): number {
  return withLength('getpeername', nativeGetpeername, sockfd, address, length);
}

/** Makes a call that fills in an address: C's `socklen_t *` is four bytes here, copied in and out of `length`. */
function withLength(
  name: string,
  call: (...args: AddressCall) => number,
  sockfd: number,
  address: Buffer,
  length: LengthPointer | null,
): number {
  checkBuffer(name, 'address', address);
  const room = length?.value ?? Math.min(address.length, SOCKADDR_IN_LENGTH);
  checkLength(name, address, room);
  const pointer = Buffer.alloc(4);
  pointer.writeUInt32LE(room);
  const result = call(sockfd, address, pointer);
  if (length !== null && result !== -1) length.value = pointer.readUInt32LE();
  return result;
}

const nativeSetsockopt = bindCall<[number, number, number, Buffer, number]>(
  'int setsockopt(int sockfd, int level, int option, const void *value, uint32_t length)',
);

/**
 * Sets an option of a socket.
 *
 * @param sockfd a socket
 * @param level SOL_SOCKET or IPPROTO_TCP
 * @param option e.g. SO_REUSEADDR
 * @param value a whole number (C's int; 1 is on, 0 is off), or the bytes of a struct such as SO_LINGER's
 * @returns 0; -1 on failure (EBADF, ENOPROTOOPT, EINVAL, …)
 * @see setsockopt(2), socket(7), tcp(7)
 */
export function setsockopt(sockfd: number, level: number, option: number, value: number | Buffer): number {
  if (typeof value === 'number') checkNumber('setsockopt', 'value', value);
  else if (!(value instanceof Uint8Array)) {
    throw new TypeError(message('setsockopt', 'value', 'a number (1 is on, 0 is off) or a Buffer', value));
  }
  const bytes = typeof value === 'number' ? intBytes(value) : value;
  return nativeSetsockopt(sockfd, level, option, bytes, bytes.length);
}

// One buffer for all calls: the kernel has taken its copy when the call returns, and making one costs more than the call.
const oneInt = Buffer.alloc(4);

function intBytes(value: number): Buffer {
  oneInt.writeInt32LE(value);
  return oneInt;
}

const nativeGetsockopt = bindCall<[number, number, number, Buffer, Buffer]>(
  'int getsockopt(int sockfd, int level, int option, void *value, void *length)',
);

/**
 * Reads an option of a socket.
 *
 * @param sockfd a socket
 * @param level SOL_SOCKET or IPPROTO_TCP
 * @param option e.g. SO_ERROR
 * @param value where to write it: 4 bytes for an int, which `value.readInt32LE()` reads
 * @returns 0; -1 on failure (EBADF, ENOPROTOOPT, …)
 * @see getsockopt(2)
 */
export function getsockopt(sockfd: number, level: number, option: number, value: Buffer): number {
  checkBuffer('getsockopt', 'value', value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return nativeGetsockopt(sockfd, level, option, value, length);
}
