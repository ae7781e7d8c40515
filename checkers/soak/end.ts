/** One end of a connection in a soak: writes its stream, verifies the received bytes, and records how it ended. */
import type { Socket } from 'node:net';
import type { Pattern } from './pattern.ts';

/** How a stream ended: cleanly or not. */
export type Ending = 'end' | 'broken';

const PIECE = 64 * 1024;

export class End {
  readonly socket: Socket;
  /** how many bytes have come */
  received = 0;
  /** offset of the first foreign byte; undefined: none */
  difference: number | undefined;
  /** the peer has ended its stream, or the connection broke */
  readonly over: Promise<Ending>;
  readonly #expected: Pattern;

  constructor(socket: Socket, expected: Pattern) {
    this.socket = socket;
    this.#expected = expected;
    this.over = new Promise((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.once('close', () => resolve('broken'));
    });
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => this.take(bytes));
  }

  /** Compares received with expected bytes. */
  take(bytes: Buffer): void {
    this.difference ??= this.#expected.difference(this.received, bytes);
    this.received += bytes.length;
    this.socket.emit('progress');
  }

  /** Writes bytes of a stream with backpressure; false if the connection broke. */
  async write(stream: Pattern, size: number, from = 0): Promise<boolean> {
    for (let offset = from; offset < from + size; offset += PIECE) {
      if (this.socket.destroyed) return false;
      const more = this.socket.write(stream.piece(offset, Math.min(PIECE, from + size - offset)));
      if (!more && !(await this.#drained())) return false;
    }
    return !this.socket.destroyed;
  }

  #drained(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (event: boolean) => (): void => {
        this.socket.off('drain', yes).off('close', no);
        resolve(event);
      };
      const [yes, no] = [done(true), done(false)];
      this.socket.once('drain', yes).once('close', no);
    });
  }

  /** Waits until this many bytes have arrived; false if the stream ended before. */
  async until(size: number): Promise<boolean> {
    while (this.received < size) {
      const more = await new Promise<boolean>((resolve) => {
        this.socket.once('progress', () => resolve(true));
        this.over.then(() => resolve(false));
      });
      if (!more) return this.received >= size;
    }
    return true;
  }

  /** Reads with pauses from now on, like a peer on a slow line. */
  slowDown(pauseMs: number): void {
    this.socket.on('data', () => this.socket.pause());
    const timer = setInterval(() => this.socket.resume(), pauseMs);
    this.socket.pause();
    this.socket.once('close', () => clearInterval(timer));
  }
}
