/**
 * Makes the lines of a trace, one for each system call, on the real kernel and on the simulated one. It imports nothing of
 * Node: where the time, the lines and the call sites come from and go to, its host says.
 */
import { describeCall } from './describe.ts';
import type { TraceLine } from './trace-line.ts';

/** Where in the learner's program a call was made. */
export type Place = Pick<TraceLine, 'file' | 'line' | 'fn'>;

/** What a tracer needs of the kernel that it runs on. */
export interface TracerHost {
  pid: number;
  /** the clock of the check, in ms */
  now(): number;
  /** the learner's line that makes the current call */
  callSite(): Place;
  crc32(bytes: Uint8Array): number;
  write(line: TraceLine): void;
}

/** Calls that may block: their beginning is traced too, so that a hang is visible. */
const MAY_WAIT = new Set(['accept', 'connect', 'recv', 'send', 'read', 'write', 'splice', 'epoll_wait']);
/** Calls that receive bytes, and calls that send them. */
const MOVES_IN = new Set(['recv', 'read']);
const MOVES_OUT = new Set(['send', 'write']);
/** Number of lines in full; after that, similar calls are counted, until the program rests. */
const FULL_LINES = 15_000;
/** A program that blocks this long in one call is not spinning, in ms. A proxy with a browser as its client rests often. */
const REST_MS = 1000;
/** Lines per window for similar calls; the others are counted. */
const LINES_A_WINDOW = 4;
const WINDOW_MS = 100;
const HEAD_BYTES = 32;
/** Length of the prefix to search for; more would not make it safer. */
const SOUGHT_BYTES = 24;

export class Tracer {
  readonly #host: TracerHost;
  #lines = 0;
  #windowStart = 0;
  #shapes = new Map<string, { seen: number; last: TraceLine }>();
  #lastRows = '';
  /** a copy of the bytes of the last recv() or read() */
  #received = Buffer.alloc(0);

  constructor(host: TracerHost) {
    this.#host = host;
  }

  /**
   * Makes a call and traces it.
   *
   * @param call its name
   * @param args what the C function gets
   * @param make makes the call; returns its result
   * @param errorName tells the errno of a call that just returned -1
   */
  trace(call: string, args: unknown[], make: () => number, errorName: () => string): number {
    const { now, pid, callSite } = this.#host;
    const line: TraceLine = { at: now(), pid, call, ...describeCall(call, args), ...callSite() };
    if (call === 'send') Object.assign(line, this.#compareWithReceived(args));
    if (MAY_WAIT.has(call) && this.#lines < FULL_LINES) this.#write({ ...line });
    const result = make();
    line.took = now() - line.at;
    line.result = result;
    if (line.took > REST_MS) this.#rest(line.at);
    if (result === -1) line.errno = errorName();
    this.#addBytes(line, call, args, result);
    this.#addRows(line);
    if (this.#lines < FULL_LINES) this.#write(line);
    else this.#writeSparsely(line);
    return result;
  }

  /** The moved bytes and epoll's events: both are in the buffers after the call. */
  #addBytes(line: TraceLine, call: string, args: unknown[], result: number): void {
    const buffer = args[1];
    if (call === 'epoll_wait') {
      const after = describeCall('epoll_wait.events', [buffer, result]);
      line.events = after.events ?? [];
    }
    // After the call, the pipe's two descriptors are in the first argument.
    if (call === 'pipe2' && result === 0 && args[0] instanceof Buffer) {
      Object.assign(line.args, { out: args[0].readInt32LE(0), into: args[0].readInt32LE(4) });
    }
    if (!(MOVES_IN.has(call) || MOVES_OUT.has(call)) || !(buffer instanceof Uint8Array)) return;
    // For a failed send(), the offered bytes: the program should offer them again.
    const length = MOVES_OUT.has(call) && result === -1 ? Number(args[2]) : result;
    if (length <= 0) return;
    const moved = Buffer.from(buffer.buffer, buffer.byteOffset, length);
    line.head = moved.toString('hex', 0, HEAD_BYTES);
    line.crc = this.#host.crc32(moved);
    if (MOVES_IN.has(call)) this.#received = Buffer.from(moved);
  }

  /** Compares the sent bytes with the last received ones: all, a part, or others. */
  #compareWithReceived([, buffer, length]: unknown[]): Pick<TraceLine, 'offset' | 'beyond' | 'leftOut'> {
    const received = this.#received;
    if (!(buffer instanceof Buffer) || typeof length !== 'number' || length <= 0 || received.length === 0) return {};
    const offered = buffer.subarray(0, length);
    if (offered.length > received.length && offered.subarray(0, received.length).equals(received)) {
      return { offset: 0, beyond: true };
    }
    const offset = received.indexOf(offered.subarray(0, SOUGHT_BYTES));
    const same = offset !== -1 && received.subarray(offset, offset + offered.length).equals(offered);
    if (!same) return { offset: -1 };
    const next = received[offset + offered.length];
    return { offset, ...(next !== undefined && { leftOut: next.toString(16).padStart(2, '0') }) };
  }

  /** The harness's build leaves a look at the learner's route table behind. */
  #addRows(line: TraceLine): void {
    const look = (globalThis as { workshopRows?: () => unknown }).workshopRows;
    const rows = look?.();
    if (!Array.isArray(rows)) return;
    const text = JSON.stringify(rows.slice(0, 256));
    if (text === this.#lastRows) return;
    this.#lastRows = text;
    line.rows = JSON.parse(text);
  }

  #write(line: TraceLine): void {
    this.#lines += 1;
    this.#host.write(line);
  }

  /** A spinning program makes thousands of equal calls: a few of them and a count are enough. */
  #writeSparsely(line: TraceLine): void {
    if (line.at - this.#windowStart > WINDOW_MS) this.#flushWindow(line.at);
    const key = `${line.call} ${line.fd} ${line.line} ${line.result} ${line.errno}`;
    const shape = this.#shapes.get(key);
    if (shape === undefined) this.#shapes.set(key, { seen: 1, last: line });
    else {
      shape.seen += 1;
      shape.last = line;
      if (shape.seen > LINES_A_WINDOW) return;
    }
    this.#write(line);
  }

  #flushWindow(at: number): void {
    for (const { seen, last } of this.#shapes.values()) {
      if (seen > LINES_A_WINDOW) this.#write({ ...last, repeats: seen - LINES_A_WINDOW });
    }
    this.#shapes = new Map();
    this.#windowStart = at;
  }

  /** The program rested: flush the counts, and trace in full again. */
  #rest(at: number): void {
    this.#flushWindow(at);
    this.#lines = 0;
  }
}
