/** Standard input, output and error: what a program has from the start. */
import { WRITABLE } from './events.ts';
import { O_RDWR, OpenFile } from './file.ts';
import { type Attempt, done } from './outcome.ts';

/** Like /dev/null, but for what it is told of: nothing comes, everything is taken. */
export class Sink extends OpenFile {
  /** epoll refuses /dev/null with EPERM, and so it does this. */
  override readonly pollable = false;

  /** @param wrote is given what was written */
  constructor(readonly wrote: (bytes: Uint8Array) => void = () => {}) {
    super(O_RDWR);
  }

  override poll(): number {
    return WRITABLE;
  }

  override read(): Attempt {
    return done(0);
  }

  override write(bytes: Uint8Array): Attempt {
    this.wrote(new Uint8Array(bytes));
    return done(bytes.length);
  }

  override release(): Attempt {
    return done(0);
  }
}
