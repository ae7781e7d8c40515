/** Sockets with a chosen receive buffer, which Node cannot make: our own system calls make them and hand them to Node. */
import { createServer, type Server, Socket } from 'node:net';

/** Whether this system lets us choose the size of receive buffers. */
export const canChooseBuffers = process.platform === 'linux';

/**
 * A server that listens on 127.0.0.1.
 *
 * @param port the port
 * @param receiveBuffer bytes for SO_RCVBUF, which accepted connections inherit; undefined: the system's default
 */
export async function listenOn(port: number, receiveBuffer?: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  const target =
    receiveBuffer === undefined || !canChooseBuffers
      ? { port, host: '127.0.0.1', backlog: 511 }
      : { fd: await listeningDescriptor(port, receiveBuffer) };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(target, resolve);
  });
  return server;
}

async function listeningDescriptor(port: number, receiveBuffer: number): Promise<number> {
  const linux = await import('#linux');
  const fd = await bufferedSocket(receiveBuffer);
  linux.setsockopt(fd, linux.SOL_SOCKET, linux.SO_REUSEADDR, 1);
  if (linux.bind(fd, linux.sockaddr_in('127.0.0.1', port)) === -1 || linux.listen(fd, 511) === -1) {
    const why = linux.strerror(linux.errno());
    linux.close(fd);
    throw new Error(`the checker could not listen on port ${port}: ${why}`);
  }
  return fd;
}

async function bufferedSocket(receiveBuffer: number): Promise<number> {
  const linux = await import('#linux');
  const fd = linux.socket(linux.AF_INET, linux.SOCK_STREAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
  if (fd === -1) throw new Error(`the checker could not make a socket: ${linux.strerror(linux.errno())}`);
  linux.setsockopt(fd, linux.SOL_SOCKET, linux.SO_RCVBUF, receiveBuffer);
  return fd;
}

/**
 * A socket that is connecting to 127.0.0.1.
 *
 * @param port the destination port
 * @param receiveBuffer bytes for SO_RCVBUF, set before the handshake since the window is agreed on there
 */
export async function connectWithBuffer(port: number, receiveBuffer: number): Promise<Socket> {
  const linux = await import('#linux');
  const fd = await bufferedSocket(receiveBuffer);
  linux.connect(fd, linux.sockaddr_in('127.0.0.1', port));
  await connected(fd);
  return new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
}

/** A connecting socket has a peer name after the handshake, which takes microseconds on loopback. */
async function connected(fd: number): Promise<void> {
  const linux = await import('#linux');
  const deadline = performance.now() + 5000;
  while (linux.getpeername(fd, Buffer.alloc(16)) === -1) {
    const error = Buffer.alloc(4);
    linux.getsockopt(fd, linux.SOL_SOCKET, linux.SO_ERROR, error);
    if (error.readInt32LE() !== 0 || performance.now() > deadline) {
      linux.close(fd);
      throw new ConnectRefused();
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The proxy's port did not accept the connection. */
export class ConnectRefused extends Error {}
