/** A program's standard input and output as one stream: what a user at its terminal types and sees. */
import type { Writable } from 'node:stream';
import { Duplex, type Readable } from 'node:stream';

/** Writing types, reading returns the output, and ending closes the input (Ctrl-D). */
export class Terminal extends Duplex {
  readonly #input: Writable | undefined;
  readonly #output: Readable;

  /**
   * @param input the program's standard input; undefined: a file, for example
   * @param output its standard output
   */
  constructor(input: Writable | undefined, output: Readable) {
    super();
    this.#input = input;
    this.#output = output;
    // A program that has ended takes no more input: what it printed, and how it ended, is what counts.
    input?.on('error', () => {});
    output.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) output.pause();
    });
    output.once('end', () => this.push(null));
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#input?.writable) this.#input.write(bytes, () => done());
    else done();
  }

  override _final(done: () => void): void {
    this.#input?.end();
    done();
  }

  override _read(): void {
    this.#output.resume();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#input?.destroy();
    done();
  }
}
