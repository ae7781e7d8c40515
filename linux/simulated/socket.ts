/** The socket that programs get: a TCP socket as a file. */

import type { Network } from './network.ts';
import { type Attempt, done } from './outcome.ts';
import { close } from './tcp-close.ts';
import { type SocketOptions, TcpSocket } from './tcp-socket.ts';
import { receive, send } from './tcp-transfer.ts';

export class StreamSocket extends TcpSocket {
  override read(buffer: Uint8Array): Attempt {
    // Sockets look at nothing for a count of 0, as System V did: sock_read_iter() in Linux.
    return buffer.length === 0 ? done(0) : receive(this, buffer, 0);
  }

  override write(bytes: Uint8Array): Attempt {
    return send(this, bytes, 0);
  }

  override release(): Attempt {
    return close(this);
  }

  override offspring(): TcpSocket {
    return new StreamSocket(this.network, 0, { ...this.options });
  }
}

/** A new socket, as socket(2) makes it. */
export function newSocket(network: Network, flags: number): StreamSocket {
  const { sendBuffer, receiveBuffer } = network.settings;
  const options: SocketOptions = {
    reuse: false,
    reusePort: false,
    keepAlive: false,
    noDelay: false,
    cork: false,
    lingers: false,
    lingerTime: 0,
    receiveLeast: 1,
    receiveTimeout: Infinity,
    sendTimeout: Infinity,
    sendBuffer,
    receiveBuffer,
    sendBufferValue: FIRST_SEND_BUFFER,
    receiveBufferValue: FIRST_RECEIVE_BUFFER,
  };
  return new StreamSocket(network, flags, options);
}

/** The middle numbers of tcp_wmem and tcp_rmem: what a new socket reports, although its buffers grow. See tcp(7). */
const FIRST_SEND_BUFFER = 16_384;
const FIRST_RECEIVE_BUFFER = 131_072;
