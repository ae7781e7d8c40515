/** Pipes: fs/pipe.c in Linux. See pipe(7). */
import { EPOLLERR, EPOLLHUP, O_NONBLOCK } from '../constants.ts';
import { EAGAIN, EBUSY, EINVAL, EPERM, EPIPE } from './errors.ts';
import { READABLE, WRITABLE } from './events.ts';
import { O_RDONLY, O_WRONLY, OpenFile } from './file.ts';
import { type Attempt, done } from './outcome.ts';
import type { Settings } from './settings.ts';

/** A page of a pipe. */
export interface Slot {
  bytes: Uint8Array;
  /** where its first unread byte is, and where it ends */
  from: number;
  to: number;
  /** later bytes may be written behind it: not where a page was spliced in */
  canGrow: boolean;
}

const DEFAULT_SLOTS = 16;

export class Pipe {
  readonly slots: Slot[] = [];
  capacity = DEFAULT_SLOTS;
  readonly reader: PipeEnd;
  readonly writer: PipeEnd;
  hasReader = true;
  hasWriter = true;
  /** epoll has looked at it: every write wakes, even one into a pipe that was not empty */
  polled = false;

  constructor(
    readonly settings: Settings,
    flags: number,
  ) {
    this.reader = new PipeEnd(this, O_RDONLY | flags);
    this.writer = new PipeEnd(this, O_WRONLY | flags);
  }

  get isEmpty(): boolean {
    return this.slots.length === 0;
  }

  get isFull(): boolean {
    return this.slots.length >= this.capacity;
  }

  /** Bytes that it holds. */
  get length(): number {
    return this.slots.reduce((sum, slot) => sum + slot.to - slot.from, 0);
  }

  read(buffer: Uint8Array, flags: number): Attempt {
    if (buffer.length === 0) return done(0);
    return () => {
      if (this.isEmpty) {
        if (!this.hasWriter) return 0;
        return flags & O_NONBLOCK ? -EAGAIN : { on: this.reader.queue, until: Infinity };
      }
      const { copied, wasFull } = this.#copyOut(buffer);
      if (wasFull) this.writer.queue.wake(WRITABLE);
      return copied;
    };
  }

  #copyOut(buffer: Uint8Array): { copied: number; wasFull: boolean } {
    let copied = 0;
    let wasFull = false;
    while (copied < buffer.length) {
      const [slot] = this.slots;
      if (slot === undefined) break;
      const part = slot.bytes.subarray(slot.from, Math.min(slot.to, slot.from + buffer.length - copied));
      buffer.set(part, copied);
      copied += part.length;
      slot.from += part.length;
      if (slot.from < slot.to) break;
      wasFull ||= this.isFull;
      this.slots.shift();
    }
    return { copied, wasFull };
  }

  write(bytes: Uint8Array, flags: number): Attempt {
    if (bytes.length === 0) return done(0);
    let taken = 0;
    return () => {
      if (!this.hasReader) return taken || -EPIPE;
      const wasEmpty = this.isEmpty;
      const before = taken;
      if (taken === 0) taken += this.#grow(bytes);
      while (taken < bytes.length && !this.isFull) taken += this.#append(bytes.subarray(taken));
      if (taken > before && (wasEmpty || this.polled)) this.reader.queue.wake(READABLE);
      if (taken === bytes.length) return taken;
      if (flags & O_NONBLOCK) {
        // Linux wakes readers even when nothing fitted, once epoll has looked at the pipe.
        if (taken === before && this.polled) this.reader.queue.wake(READABLE);
        return taken || -EAGAIN;
      }
      return { on: this.writer.queue, until: Infinity };
    };
  }

  /** Puts what is more than whole pages behind the last bytes, if their page has room for it. */
  #grow(bytes: Uint8Array): number {
    const { pageSize } = this.settings;
    const last = this.slots.at(-1);
    const rest = bytes.length % pageSize;
    if (last === undefined || rest === 0 || !last.canGrow || last.to + rest > pageSize) return 0;
    last.bytes.set(bytes.subarray(0, rest), last.to);
    last.to += rest;
    return rest;
  }

  #append(bytes: Uint8Array): number {
    const { pageSize } = this.settings;
    const page = new Uint8Array(pageSize);
    const part = bytes.subarray(0, pageSize);
    page.set(part);
    this.slots.push({ bytes: page, from: 0, to: part.length, canGrow: true });
    return part.length;
  }

  get size(): number {
    return this.capacity * this.settings.pageSize;
  }

  /** F_SETPIPE_SZ. See fcntl(2). */
  resize(bytes: number): number {
    const { pageSize, largestPipe, privileged } = this.settings;
    if (bytes < 0 || bytes > 2 ** 31) return -EINVAL;
    const size = Math.max(pageSize, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
    const capacity = size / pageSize;
    if (capacity > this.capacity && size > largestPipe && !privileged) return -EPERM;
    if (capacity < this.slots.length) return -EBUSY;
    this.capacity = capacity;
    this.writer.queue.wake(0);
    return size;
  }

  /** One end is gone for good. */
  ended(end: PipeEnd): void {
    if (end === this.reader) this.hasReader = false;
    else this.hasWriter = false;
    if (this.hasReader === this.hasWriter) return;
    this.reader.queue.wakeAll();
    this.writer.queue.wakeAll();
  }
}

export class PipeEnd extends OpenFile {
  constructor(
    readonly pipe: Pipe,
    flags: number,
  ) {
    super(flags);
  }

  /** pipe_poll() */
  override poll(): number {
    const { pipe } = this;
    pipe.polled = true;
    if (this.readable) return (pipe.isEmpty ? 0 : READABLE) | (pipe.hasWriter ? 0 : EPOLLHUP);
    return (pipe.isFull ? 0 : WRITABLE) | (pipe.hasReader ? 0 : EPOLLERR);
  }

  override read(buffer: Uint8Array): Attempt {
    return this.pipe.read(buffer, this.flags);
  }

  override write(bytes: Uint8Array): Attempt {
    return this.pipe.write(bytes, this.flags);
  }

  override release(): Attempt {
    this.pipe.ended(this);
    return done(0);
  }
}
