/** bind(2), listen(2), connect(2) and accept(2) on a TCP socket: net/ipv4/af_inet.c in Linux. */
import { AF_INET, O_NONBLOCK } from '../constants.ts';
import {
  EACCES,
  EADDRINUSE,
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EAGAIN,
  EALREADY,
  ECONNABORTED,
  EINPROGRESS,
  EINVAL,
  EISCONN,
} from './errors.ts';
import { type Attempt, done, NotSimulated } from './outcome.ts';
import { ANY_ADDRESS } from './ports.ts';
import { sendSyn } from './tcp-segments.ts';
import { connectionKey, type Endpoint, type TcpSocket } from './tcp-socket.ts';
import { disconnect } from './tcp-states.ts';
import { deadlineOf, waitOn } from './tcp-transfer.ts';

/** A struct sockaddr_in as the kernel reads it. */
export interface Address extends Endpoint {
  family: number;
  /** how many bytes the program has passed */
  length: number;
}

const ADDRESS_BYTES = 16;
const AF_UNSPEC = 0;
const LOOPBACK = '127.0.0.1';

function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

/** bind(2). */
export function bind(socket: TcpSocket, wanted: Address): number {
  const { settings } = socket.network;
  if (wanted.length < ADDRESS_BYTES) return -EINVAL;
  const unspecified = wanted.family === AF_UNSPEC && wanted.address === ANY_ADDRESS;
  if (wanted.family !== AF_INET && !unspecified) return -EAFNOSUPPORT;
  if (!isLoopback(wanted.address) && wanted.address !== ANY_ADDRESS) return -EADDRNOTAVAIL;
  if (wanted.port > 0 && wanted.port < 1024 && !settings.privileged) return -EACCES;
  if (socket.state !== 'CLOSE' || socket.heldPort !== 0) return -EINVAL;
  const before = socket.local;
  socket.local = { address: wanted.address, port: 0 };
  if (!claimPort(socket, wanted.port)) {
    socket.local = { address: ANY_ADDRESS, port: before.port };
    return -EADDRINUSE;
  }
  socket.addressNamed = wanted.address !== ANY_ADDRESS;
  socket.portNamed = wanted.port !== 0;
  socket.local.port = socket.heldPort;
  socket.remote = { address: ANY_ADDRESS, port: 0 };
  return 0;
}

/** Takes a port, or, for 0, a free one. */
function claimPort(socket: TcpSocket, wanted: number): boolean {
  const { ports } = socket.network;
  const port = wanted === 0 ? ports.automatic() : wanted;
  if (port === 0 || !ports.claim(socket, port)) return false;
  socket.heldPort = port;
  return true;
}

/** listen(2). */
export function listen(socket: TcpSocket, backlog: number): number {
  const { longestBacklog } = socket.network.settings;
  if (socket.phase !== 'UNCONNECTED') return -EINVAL;
  if (socket.state !== 'CLOSE' && socket.state !== 'LISTEN') return -EINVAL;
  socket.backlog = backlog < 0 ? longestBacklog : Math.min(backlog, longestBacklog);
  if (socket.state === 'LISTEN') return 0;
  socket.state = 'LISTEN';
  if (!claimPort(socket, socket.heldPort)) {
    socket.state = 'CLOSE';
    return -EADDRINUSE;
  }
  socket.local.port = socket.heldPort;
  return 0;
}

/** connect(2): inet_stream_connect() and tcp_v4_connect(). */
export function connect(socket: TcpSocket, wanted: Address): Attempt {
  if (wanted.length < 2) return done(-EINVAL);
  if (wanted.family === AF_UNSPEC) throw new NotSimulated('connect() with AF_UNSPEC');
  if (socket.phase === 'CONNECTED') return done(-EISCONN);
  if (socket.phase === 'DISCONNECTING') return done(-EINVAL);
  if (socket.phase === 'CONNECTING') return waitForHandshake(socket, EALREADY);
  if (socket.state !== 'CLOSE') return done(-EISCONN);
  const failure = begin(socket, wanted);
  if (failure !== 0) return done(failure);
  socket.phase = 'CONNECTING';
  return waitForHandshake(socket, EINPROGRESS);
}

/** Names the connection, and sends SYN. */
function begin(socket: TcpSocket, wanted: Address): number {
  const { network } = socket;
  if (wanted.length < ADDRESS_BYTES) return -EINVAL;
  if (wanted.family !== AF_INET) return -EAFNOSUPPORT;
  const address = wanted.address === ANY_ADDRESS ? LOOPBACK : wanted.address;
  if (!isLoopback(address)) throw new NotSimulated(`connect() to ${address}, only to 127.0.0.1 and its like`);
  const local = socket.local.address === ANY_ADDRESS ? LOOPBACK : socket.local.address;
  const port = socket.heldPort || network.ports.automaticForConnect();
  if (address === local && wanted.port === port) throw new NotSimulated('connect() of a socket to itself');
  const remote = { address, port: wanted.port };
  if (port === 0 || network.connections.has(connectionKey({ address: local, port }, remote))) return -EADDRNOTAVAIL;
  if (socket.heldPort === 0) network.ports.inherit(socket, port);
  socket.heldPort = port;
  socket.local = { address: local, port };
  socket.remote = remote;
  network.connections.add(socket.key);
  socket.state = 'SYN_SENT';
  sendSyn(socket);
  return 0;
}

/** @param error of a connect() that may not wait */
function waitForHandshake(socket: TcpSocket, error: number): Attempt {
  let deadline: number | undefined;
  return () => {
    deadline ??= deadlineOf(socket, 0, socket.options.sendTimeout);
    if (socket.state === 'SYN_SENT' || socket.state === 'SYN_RECV') {
      if (socket.network.scheduler.now >= deadline) return -error;
      return waitOn(socket, deadline);
    }
    if (socket.state !== 'CLOSE') {
      socket.phase = 'CONNECTED';
      return 0;
    }
    const failure = socket.takeError() || ECONNABORTED;
    socket.phase = 'UNCONNECTED';
    disconnect(socket);
    return -failure;
  };
}

/**
 * accept(2): takes a connection from the queue.
 *
 * @param taken is given the connection; its result is that of the call
 */
export function accept(socket: TcpSocket, taken: (connection: TcpSocket) => number): Attempt {
  let deadline: number | undefined;
  return () => {
    deadline ??= deadlineOf(socket, 0, socket.options.receiveTimeout);
    if (socket.state !== 'LISTEN') return -EINVAL;
    const connection = socket.acceptQueue.shift();
    if (connection !== undefined) {
      connection.listener = undefined;
      return taken(connection);
    }
    if (socket.flags & O_NONBLOCK || socket.network.scheduler.now >= deadline) return -EAGAIN;
    return waitOn(socket, deadline);
  };
}
