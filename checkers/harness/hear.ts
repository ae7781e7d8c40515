/** Receives from a server that sends without a request, until the stream ends. */
import { connect } from 'node:net';

/** The received bytes, and how the stream ended. */
export interface Heard {
  text: string;
  /** refused: nothing listens there; open: the stream had not ended in time */
  end: 'fin' | 'rst' | 'open' | 'refused';
}

/** A line is shorter than this, in bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * Connects to a port on this machine, sends nothing, and reads until the stream ends or the time is up.
 *
 * @param host which of this machine's addresses
 */
export function hear(port: number, ms: number, host = '127.0.0.1'): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, allowHalfOpen: true });
    let text = '';
    const over = (end: Heard['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, end });
    };
    const timer = setTimeout(() => over('open'), ms);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.length > MAX_BYTES) over('open');
    });
    socket.once('end', () => over('fin'));
    socket.once('error', (error: NodeJS.ErrnoException) => over(error.code === 'ECONNREFUSED' ? 'refused' : 'rst'));
  });
}
