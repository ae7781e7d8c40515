/** An open file, as descriptors refer to it: Linux's "open file description" (open(2)). */
import { EINVAL } from './errors.ts';
import { type Attempt, done } from './outcome.ts';
import { WaitQueue } from './wait-queue.ts';

/** What epoll keeps for a file; it goes when the file goes. */
export interface Registration {
  forget(): void;
}

export abstract class OpenFile {
  /** who waits for it: blocking calls, and epoll instances */
  readonly queue = new WaitQueue();
  /** O_NONBLOCK, and the access mode */
  flags: number;
  /** how many descriptors refer to it */
  references = 0;
  /** its registrations at epoll instances */
  readonly registrations = new Set<Registration>();

  constructor(flags: number) {
    this.flags = flags;
  }

  get readable(): boolean {
    return (this.flags & O_ACCMODE) !== O_WRONLY;
  }

  get writable(): boolean {
    return (this.flags & O_ACCMODE) !== O_RDONLY;
  }

  /** What is ready now, as EPOLL bits. See poll(2). */
  abstract poll(): number;

  /** Whether it can be watched with epoll; files on a disk cannot. */
  readonly pollable: boolean = true;

  /** read(2). */
  read(_buffer: Uint8Array): Attempt {
    return done(-EINVAL);
  }

  /** write(2). */
  write(_bytes: Uint8Array): Attempt {
    return done(-EINVAL);
  }

  /** The last descriptor was closed. */
  abstract release(): Attempt;
}

/** Access modes. See open(2). */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
