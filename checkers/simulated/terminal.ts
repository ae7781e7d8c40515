/** In place of checkers/harness/terminal.ts: the terminal of a simulated client. */
import { O_NONBLOCK } from '../../linux/constants.ts';
import { Pipe } from '../../linux/simulated/pipe.ts';
import { Emitter } from './emitter.ts';
import { queueJob } from './virtual-promise.ts';
import { call, post, world } from './world.ts';

interface Writing {
  bytes: Uint8Array;
  done: () => void;
}

export class Terminal extends Emitter {
  destroyed = false;
  readableLength = 0;
  readonly input: Pipe;
  #fd: number;
  readonly #writing: Writing[] = [];
  readonly #printed: Buffer[] = [];
  #flowing = false;
  #outputOver = false;
  #ending = false;

  constructor() {
    super();
    const { kernel, harness } = world();
    this.input = new Pipe(kernel.settings, O_NONBLOCK);
    this.input.reader.flags &= ~O_NONBLOCK;
    this.#fd = harness.install(this.input.writer);
    this.input.writer.queue.add({
      exclusive: false,
      wake: () => {
        post('terminal', kernel.settings.reaction, () => this.#writeAll());
        return true;
      },
    });
  }

  /** The program has printed this. */
  takeOutput(bytes: Buffer): void {
    this.#printed.push(bytes);
    this.readableLength += bytes.length;
    post('terminal', world().kernel.settings.reaction, () => this.#flow());
  }

  /** The program's output has ended. */
  endOutput(): void {
    this.#outputOver = true;
    this.#flow();
  }

  #flow(): void {
    while (this.#flowing && !this.destroyed) {
      const bytes = this.#printed.shift();
      if (bytes === undefined) break;
      this.readableLength -= bytes.length;
      this.emit('data', bytes);
    }
    if (!this.#flowing || !this.#outputOver || this.#printed.length > 0 || this.destroyed) return;
    this.#outputOver = false;
    this.emit('end');
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    super.on(event, listener as () => void);
    if (event === 'data') this.resume();
    return this;
  }

  pause(): this {
    this.#flowing = false;
    return this;
  }

  resume(): this {
    this.#flowing = true;
    queueJob(() => this.#flow());
    return this;
  }

  write(bytes: Uint8Array, done: () => void = () => {}): boolean {
    this.#writing.push({ bytes, done });
    if (this.#writing.length === 1) this.#writeAll();
    return true;
  }

  #writeAll(): void {
    for (let first = this.#writing[0]; first !== undefined; first = this.#writing[0]) {
      const gone = this.destroyed || !this.input.hasReader;
      const count = gone ? first.bytes.length : call(world().calls.write(this.#fd, first.bytes, first.bytes.length));
      if (count === -1) return;
      first.bytes = first.bytes.subarray(count);
      if (first.bytes.length > 0) return;
      const { done } = first;
      this.#writing.shift();
      queueJob(() => done());
    }
    if (this.#ending) this.#close();
  }

  end(done: () => void = () => {}): this {
    this.#ending = true;
    if (this.#writing.length === 0) this.#close();
    queueJob(() => done());
    return this;
  }

  #close(): void {
    if (this.#fd !== -1) call(world().calls.close(this.#fd));
    this.#fd = -1;
  }

  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.#close();
    queueJob(() => this.emit('close'));
    return this;
  }
}
