/** The system calls on sockets, with the checks of the real ones' arguments: linux/socket.ts and io.ts. */
import { type LengthPointer, SOCKADDR_IN_LENGTH } from '../address.ts';
import { checkBuffer, checkNumber, message } from '../arguments.ts';
import { checkLength } from '../buffers.ts';
import { AF_INET, IPPROTO_TCP, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../constants.ts';
import { checks, firstBytes } from './calls-files.ts';
import { EAFNOSUPPORT, EBADF, EINVAL, EMFILE, ENOTCONN, ENOTSOCK, EPROTONOSUPPORT } from './errors.ts';
import type { Network } from './network.ts';
import { getOption, setOption } from './options.ts';
import { type Attempt, done, NotSimulated } from './outcome.ts';
import type { Process } from './process.ts';
import { newSocket } from './socket.ts';
import { shutdown } from './tcp-close.ts';
import { type Address, accept, bind, connect, listen } from './tcp-open.ts';
import { type Endpoint, TcpSocket } from './tcp-socket.ts';
import { receive, send } from './tcp-transfer.ts';

const checkSocket = checks('int socket(int domain, int type, int protocol)');
const checkBind = checks('int bind(int sockfd, const void *address, uint32_t length)');
const checkListen = checks('int listen(int sockfd, int backlog)');
const checkAccept = checks('int accept(int sockfd, void *address, void *length)');
const checkAccept4 = checks('int accept4(int sockfd, void *address, void *length, int flags)');
const checkConnect = checks('int connect(int sockfd, const void *address, uint32_t length)');
const checkName = checks('int getsockname(int sockfd, void *address, void *length)');
const checkPeer = checks('int getpeername(int sockfd, void *address, void *length)');
const checkSet = checks('int setsockopt(int sockfd, int level, int option, const void *value, uint32_t length)');
const checkGet = checks('int getsockopt(int sockfd, int level, int option, void *value, void *length)');
const checkRecv = checks('intptr_t recv(int sockfd, void *buffer, size_t length, int flags)');
const checkSend = checks('intptr_t send(int sockfd, const void *buffer, size_t length, int flags)');
const checkShutdown = checks('int shutdown(int sockfd, int how)');

/** The kernel takes no longer addresses: struct sockaddr_storage. */
const LONGEST_ADDRESS = 128;
const TYPE_MASK = 0xf;
const FAMILIES = 46;

/** Runs a call on a socket; EBADF or ENOTSOCK where there is none. */
function onSocket(process: Process, fd: number, call: (socket: TcpSocket) => Attempt): Attempt {
  const file = process.file(fd | 0);
  if (file === undefined) return done(-EBADF);
  return file instanceof TcpSocket ? call(file) : done(-ENOTSOCK);
}

/** The calls of one process; each returns an attempt, for kernel.complete() or kernel.perform(). */
export function socketCalls(process: Process, network: Network) {
  const take = (fd: number, address: Buffer | null, length: LengthPointer | null, flags: number): Attempt => {
    const file = process.file(fd | 0);
    if (file === undefined) return done(-EBADF);
    if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) return done(-EINVAL);
    // The number is looked for first: with none left, an empty queue is EMFILE, too.
    if (process.isFull) return done(-EMFILE);
    if (!(file instanceof TcpSocket)) return done(-ENOTSOCK);
    return accept(file, (connection) => {
      connection.flags |= flags & SOCK_NONBLOCK;
      const taken = process.install(connection);
      if (flags & SOCK_CLOEXEC) process.closeOnExec.add(taken);
      if (address !== null) fillIn(address, length, connection.remote);
      return taken;
    });
  };
  return {
    socket(domain: number, type: number, protocol: number): Attempt {
      checkSocket(domain, type, protocol);
      return done(makeSocket(process, network, domain | 0, type | 0, protocol | 0));
    },
    bind(sockfd: number, address: Buffer, length: number = address?.length ?? 0): Attempt {
      checkLength('bind', address, length, 'address');
      checkBind(sockfd, address, length);
      return onSocket(process, sockfd, (socket) =>
        done(length > LONGEST_ADDRESS ? -EINVAL : bind(socket, readAddress(address, length))),
      );
    },
    listen(sockfd: number, backlog: number): Attempt {
      checkListen(sockfd, backlog);
      return onSocket(process, sockfd, (socket) => done(listen(socket, backlog | 0)));
    },
    accept(sockfd: number, address: Buffer | null = null, length: LengthPointer | null = null): Attempt {
      if (address !== null) checkRoom('accept', address, length);
      checkAccept(sockfd, address, address);
      return take(sockfd, address, length, 0);
    },
    accept4(sockfd: number, address: Buffer | null, length: LengthPointer | null, flags: number): Attempt {
      if (address !== null) checkRoom('accept4', address, length);
      checkAccept4(sockfd, address, address, flags);
      return take(sockfd, address, length, flags);
    },
    connect(sockfd: number, address: Buffer, length: number = address?.length ?? 0): Attempt {
      checkLength('connect', address, length, 'address');
      checkConnect(sockfd, address, length);
      if (process.file(sockfd | 0) !== undefined && length > LONGEST_ADDRESS) return done(-EINVAL);
      return onSocket(process, sockfd, (socket) => connect(socket, readAddress(address, length)));
    },
    getsockname(sockfd: number, address: Buffer, length: LengthPointer | null = null): Attempt {
      checkRoom('getsockname', address, length);
      checkName(sockfd, address, address);
      return onSocket(process, sockfd, (socket) => {
        fillIn(address, length, socket.local);
        return done(0);
      });
    },
    getpeername(sockfd: number, address: Buffer, length: LengthPointer | null = null): Attempt {
      checkRoom('getpeername', address, length);
      checkPeer(sockfd, address, address);
      return onSocket(process, sockfd, (socket) => {
        if (socket.remote.port === 0 || socket.state === 'CLOSE' || socket.state === 'SYN_SENT') return done(-ENOTCONN);
        fillIn(address, length, socket.remote);
        return done(0);
      });
    },
    setsockopt(sockfd: number, level: number, option: number, value: number | Buffer): Attempt {
      const bytes = optionBytes(value);
      checkSet(sockfd, level, option, bytes, bytes.length);
      return onSocket(process, sockfd, (socket) => done(setOption(socket, level | 0, option | 0, bytes)));
    },
    getsockopt(sockfd: number, level: number, option: number, value: Buffer): Attempt {
      checkBuffer('getsockopt', 'value', value);
      checkGet(sockfd, level, option, value, value);
      return onSocket(process, sockfd, (socket) => done(getOption(socket, level | 0, option | 0, value)));
    },
    recv(sockfd: number, buffer: Uint8Array, length: number, flags: number): Attempt {
      checkLength('recv', buffer as Buffer, length);
      checkRecv(sockfd, buffer, length, flags);
      return onSocket(process, sockfd, (socket) => receive(socket, firstBytes(buffer, length), flags | 0));
    },
    send(sockfd: number, buffer: Uint8Array, length: number, flags: number): Attempt {
      checkLength('send', buffer as Buffer, length);
      checkSend(sockfd, buffer, length, flags);
      return onSocket(process, sockfd, (socket) => send(socket, firstBytes(buffer, length), flags | 0));
    },
    shutdown(sockfd: number, how: number): Attempt {
      checkShutdown(sockfd, how);
      return onSocket(process, sockfd, (socket) => done(shutdown(socket, how | 0)));
    },
  };
}

function makeSocket(process: Process, network: Network, domain: number, type: number, protocol: number): number {
  const kind = type & TYPE_MASK;
  if (type & ~TYPE_MASK & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) return -EINVAL;
  if (domain <= 0 || domain >= FAMILIES) return -EAFNOSUPPORT;
  if (domain !== AF_INET) throw new NotSimulated(`socket() of the family ${domain}, only AF_INET`);
  if (kind !== SOCK_STREAM) throw new NotSimulated(`socket() of the type ${kind}, only SOCK_STREAM`);
  if (protocol < 0 || protocol > 262) return -EINVAL;
  if (protocol !== 0 && protocol !== IPPROTO_TCP) return -EPROTONOSUPPORT;
  const fd = process.install(newSocket(network, type & SOCK_NONBLOCK));
  if (fd >= 0 && type & SOCK_CLOEXEC) process.closeOnExec.add(fd);
  return fd;
}

/** The room for an address, as in linux/socket.ts. */
function checkRoom(call: string, address: Buffer, length: LengthPointer | null): void {
  checkBuffer(call, 'address', address);
  checkLength(call, address, length?.value ?? Math.min(address.length, SOCKADDR_IN_LENGTH));
}

/** Writes a struct sockaddr_in, as far as there is room for it; its length is said in full. */
function fillIn(into: Uint8Array, length: LengthPointer | null, { address, port }: Endpoint): void {
  const bytes = new Uint8Array(SOCKADDR_IN_LENGTH);
  bytes.set([AF_INET, 0, port >> 8, port & 0xff, ...address.split('.').map(Number)]);
  into.set(bytes.subarray(0, length?.value ?? into.length));
  if (length !== null) length.value = SOCKADDR_IN_LENGTH;
}

function readAddress(bytes: Uint8Array, length: number): Address {
  const at = (index: number) => bytes[index] ?? 0;
  return {
    family: at(0) + at(1) * 256,
    port: at(2) * 256 + at(3),
    address: `${at(4)}.${at(5)}.${at(6)}.${at(7)}`,
    length,
  };
}

/** The value of an option, as in linux/socket.ts. */
function optionBytes(value: number | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'number') {
    throw new TypeError(message('setsockopt', 'value', 'a number (1 is on, 0 is off) or a Buffer', value));
  }
  checkNumber('setsockopt', 'value', value);
  if (value > 0x7fff_ffff) throw new RangeError(message('setsockopt', 'value', 'a C int', value));
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
