/** The harness's end of a TCP connection with the program, or of the program's standard input and output. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CheckFailure, type Symptom } from '../contract/check.ts';
import { countBytes, firstDifference } from '../contract/compare.ts';
import type { End } from '../kernel/tcp-row.ts';
import { rowBetween } from '../kernel/tcp-table.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

/** How long a transfer may stall, in ms. Long, since a busy machine may stop a correct proxy for a while. */
export const STALL_MS = 5000;
/** How long the end of a stream may take to arrive, in ms. */
const END_MS = 5000;

/** The name of a program's standard input and output. */
export const TERMINAL = 'terminal';
/** How bytes should arrive that a proxy passes on, for messages. */
const AS_SENT = 'just as they were sent';

/** How to read slowly: a few bytes, then a pause. */
export interface Pace {
  /** pause after each read, in ms */
  restMs: number;
}

type Address = 'localAddress' | 'remoteAddress' | 'remotePort';

/** The part of a socket that a peer needs. A terminal has no connection, so its packets are unknown. */
export type Wire = Duplex & Partial<Pick<Socket, 'setNoDelay' | 'resetAndDestroy' | 'localPort' | Address>>;

/** A socket with a name; buffers received bytes until the check asks for them. */
export class Peer {
  readonly name: string;
  /** the state of the other end: open, its stream ended (FIN), or reset */
  end: 'open' | 'fin' | 'rst' = 'open';
  /** bytes received so far, with those that the check has not asked for */
  receivedBytes = 0;
  readonly #socket: Wire;
  readonly #timeline: Timeline;
  readonly #waiting: Waiting;
  readonly #unread: Buffer[] = [];
  /** our end of the connection, and the program's; stored, since a reset socket no longer knows them */
  readonly #here: End;
  readonly #there: End;
  #pace: Pace | undefined;

  constructor(socket: Wire, name: string, timeline: Timeline, waiting: Waiting) {
    this.name = name;
    this.#socket = socket;
    this.#here = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.#there = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#timeline = timeline;
    this.#waiting = waiting;
    socket.setNoDelay?.(true);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('end', () => this.#ended('fin'));
    // ECONNRESET, or EPIPE if the reset preceded one of our sends.
    socket.on('error', () => this.#ended('rst'));
    if (socket.destroyed) this.#ended('rst');
  }

  #receive(bytes: Buffer): void {
    this.receivedBytes += bytes.length;
    this.#timeline.add(this.name, 'receives', bytes.length);
    this.#unread.push(bytes);
    this.#waiting.changed();
    if (this.#pace !== undefined) this.#rest(this.#pace);
  }

  #rest(pace: Pace): void {
    this.#socket.pause();
    setTimeout(() => this.#socket.resume(), pace.restMs);
  }

  #ended(end: 'fin' | 'rst'): void {
    if (this.end !== 'open') return;
    this.end = end;
    // A terminal's output ends with its program, whose exit is recorded anyway.
    if (this.name !== TERMINAL) this.#timeline.add(this.name, end);
    this.#waiting.changed();
  }

  get #subject(): string {
    return this.name === TERMINAL ? 'the terminal' : this.name;
  }

  /** Stops reading from the kernel until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  /** Goes on reading; with a pace, slowly from now on. */
  resume(pace?: Pace): void {
    this.#pace = pace;
    this.#socket.resume();
  }

  /** Sends bytes; resolves once our kernel has them all, or the connection is gone. */
  send(bytes: Buffer): Promise<void> {
    this.#timeline.add(this.name, 'sends', bytes.length);
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('close', done);
        resolve();
      };
      // A failed send sets `end` to 'rst', so it needs no report here.
      this.#socket.once('close', done);
      this.#socket.write(bytes, done);
    });
  }

  /**
   * Ends only our direction (FIN, or the end of input); bytes of the other end still arrive. Resolves once our kernel has
   * the FIN, or the connection is gone.
   */
  shutdownWrite(): Promise<void> {
    this.#timeline.add(this.name, 'finishes');
    return new Promise((resolve) => this.#socket.end(resolve));
  }

  /** Closes our end at once, in both directions. The kernel still delivers the bytes that it has. */
  close(): void {
    if (this.#socket.destroyed) return;
    this.#timeline.add(this.name, 'closes');
    this.#socket.destroy();
  }

  /** Whether we have closed our end. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** Its port; 0 for a terminal. */
  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Bytes that have arrived at the other end and that the program has not read; 0 if the system does not tell. */
  get unreadThere(): number {
    return rowBetween(this.#there, this.#here)?.unread ?? 0;
  }

  /**
   * Bytes that the program has sent to us: in its send buffer, in our receive buffer, or in Node; undefined if the system
   * does not tell.
   */
  get onTheirWay(): number | undefined {
    const [here, there] = [rowBetween(this.#here, this.#there), rowBetween(this.#there, this.#here)];
    // A paused socket of Node has buffered some of them.
    return here && there && this.#socket.readableLength + here.unread + there.unsent;
  }

  /**
   * Whether the kernel has forgotten our end, as it does as soon as an RST arrives. Node reports an RST like a FIN if
   * unread bytes precede it.
   */
  get forgotten(): boolean {
    return rowBetween(this.#here, this.#there) === undefined;
  }

  /** Resets the connection: the other end gets an RST. */
  reset(): void {
    this.#timeline.add(this.name, 'resets');
    this.#socket.resetAndDestroy?.();
  }

  /** The same without an entry in the timeline: for a connection that the program never saw. */
  forget(): void {
    this.#socket.resetAndDestroy?.();
  }

  /** Frees the socket without an entry in the timeline: for the end of a check. */
  dispose(): void {
    this.#socket.destroy();
  }

  /** Bytes that arrived and that the check has not asked for yet. */
  get unreadBytes(): number {
    return this.#unread.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** The first `length` of them, or fewer, without taking them. */
  peek(length: number): Buffer {
    return Buffer.concat(this.#unread).subarray(0, length);
  }

  /** All of them. */
  take(): Buffer {
    return Buffer.concat(this.#unread.splice(0));
  }

  /**
   * Waits for exactly these bytes, compares them as they arrive, and stops at the first wrong one.
   *
   * @param expected the bytes that must come next
   * @param stallMs how long nothing may arrive
   * @param due their name, for the message
   * @throws CheckFailure for other bytes, an early end, or silence
   */
  async expect(expected: Buffer, { stallMs = STALL_MS, due = AS_SENT } = {}): Promise<void> {
    let offset = 0;
    while (offset < expected.length) {
      const bytes = this.#unread.shift();
      if (bytes === undefined) {
        await this.#more(expected.length, offset, stallMs);
        continue;
      }
      const part = bytes.subarray(0, expected.length - offset);
      if (part.length < bytes.length) this.#unread.unshift(bytes.subarray(part.length));
      const difference = firstDifference(expected, offset, part);
      if (difference !== undefined) {
        throw new CheckFailure({
          symptom: 'wrong-bytes',
          expected: `${this.#subject} receives ${countBytes(expected.length)}, ${due}`,
          observed: `byte ${difference.offset.toLocaleString('en-US')} ${due === AS_SENT ? 'is not the one that was sent' : 'differs'}`,
          difference,
        });
      }
      offset += part.length;
    }
  }

  async #more(total: number, have: number, stallMs: number): Promise<void> {
    const waited = await this.#waiting.soon(() => this.#unread.length > 0 || this.end !== 'open', stallMs);
    if (this.#unread.length > 0) return;
    const expected = `${this.#subject} receives ${countBytes(total)}`;
    const sofar = have === 0 ? 'none of them came' : `only the first ${countBytes(have)} came`;
    const [symptom, how]: [Symptom, string] =
      waited === 'timeout'
        ? ['missing-bytes', `then nothing for ${this.#waiting.seconds(stallMs)}`]
        : waited === 'stopped'
          ? ['stopped', 'then the program stopped']
          : [
              'cut-short',
              this.end === 'rst'
                ? 'then its connection was reset'
                : this.name === TERMINAL
                  ? 'then the output ended'
                  : 'then its connection was closed',
            ];
    throw new CheckFailure({ symptom, expected, observed: `${sofar}, ${how}` });
  }

  /**
   * Makes sure that nothing more arrives.
   *
   * @param quietMs how long to listen
   * @throws CheckFailure when bytes arrive
   */
  async expectSilence(quietMs: number): Promise<void> {
    await this.#waiting.until(() => this.#unread.length > 0, quietMs, true);
    const bytes = this.#unread[0];
    if (bytes === undefined) return;
    throw new CheckFailure({
      symptom: 'extra-bytes',
      expected: `nothing more arrives at ${this.#subject}`,
      observed: `${countBytes(this.unreadBytes)} arrived that ${this.name === TERMINAL ? 'are no answer' : 'no peer sent'}`,
      difference: { offset: 0, from: 0, expected: Buffer.alloc(0), observed: Buffer.from(bytes.subarray(0, 16)) },
    });
  }

  /**
   * Waits until the program has closed this connection, with FIN or RST.
   *
   * @param symptom the symptom if it does not
   * @param after the event before, for the message: 'after its client left'
   * @throws CheckFailure when it stays open
   */
  async expectEnd(symptom: Symptom, after: string, ms = END_MS): Promise<void> {
    const waited = await this.#waiting.soon(() => this.end !== 'open', ms);
    if (this.end !== 'open') return;
    throw new CheckFailure({
      symptom: waited === 'stopped' ? 'stopped' : symptom,
      expected: `${this.name}'s connection is closed ${after}`,
      observed: waited === 'stopped' ? 'the program stopped' : `it was still open ${this.#waiting.seconds(ms)} later`,
    });
  }
}
