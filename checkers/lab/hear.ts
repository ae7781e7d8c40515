/** Receives from a server that sends without a request, until the stream ends. */
import { connect } from 'node:net';

/** What was heard, and how it ended. */
export interface Heard {
  text: string;
  /** refused: nothing listens there; open: the stream had not ended in time */
  end: 'fin' | 'rst' | 'open' | 'refused';
}

/** More than this is no line. */
const MOST_BYTES = 64 * 1024;

/**
 * Connects to a port on this machine, says nothing, and reads to the end of the stream, or until the time is up.
 *
 * @param host by which of this machine's addresses
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
      if (text.length > MOST_BYTES) over('open');
    });
    socket.once('end', () => over('fin'));
    socket.once('error', (error: NodeJS.ErrnoException) => over(error.code === 'ECONNREFUSED' ? 'refused' : 'rst'));
  });
}
