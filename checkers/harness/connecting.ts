/** How the harness's clients connect. */
import { connect, type Socket } from 'node:net';
import { ConnectRefused } from './listening-socket.ts';

/** How long a connect may take, in ms: with a short backlog, the kernel retries after 1 s, 3 s and 7 s. */
const CONNECT_MS = 8000;

/**
 * Connects to a port of this machine.
 *
 * @throws ConnectRefused when the connection is not established in time
 */
export function plainConnect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connected = (): void => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    };
    const refused = (): void => {
      socket.destroy();
      reject(new ConnectRefused());
    };
    socket.setTimeout(CONNECT_MS, refused);
    socket.once('connect', connected);
    // Accepted and reset before we looked: this counts as a connection that has ended.
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? connected() : refused()));
  });
}
