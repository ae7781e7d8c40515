/** Reads a trace while it is being written. */
import { closeSync, openSync, readSync } from 'node:fs';
import { type Call, cleanCall } from '../report/replay/model/events.ts';

/** Polling interval: cheap, and too short for a viewer to notice, in ms. */
const POLL_MS = 50;
/** Maximum of bytes per read. */
const BITE = 1024 * 1024;
/** Maximum length of a valid line. */
const LONGEST_LINE = 64 * 1024;

export class TraceFollower {
  readonly #path: string;
  readonly #start: number;
  readonly #heard: (calls: Call[]) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #bytes = Buffer.alloc(BITE);
  #file: number | undefined;
  #rest = '';
  /** whose calls these are: of several processes the first one, since each has descriptors with the same numbers */
  #pid: unknown;

  /**
   * @param path of the trace; it need not be there yet
   * @param start CLOCK_MONOTONIC in ms, from which times count
   * @param heard called with the new calls, at every poll
   */
  constructor(path: string, start: number, heard: (calls: Call[]) => void) {
    this.#path = path;
    this.#start = start;
    this.#heard = heard;
    this.#timer = setInterval(() => this.look(), POLL_MS);
  }

  /** Reads what has come since the last look. */
  look(): void {
    const lines = (this.#rest + this.#read()).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) this.#rest = '';
    this.#heard(lines.flatMap((line) => this.#parse(line)));
  }

  #read(): string {
    try {
      this.#file ??= openSync(this.#path, 'r');
      // A split character at the end of a read does not matter: valid lines are ASCII.
      return this.#bytes.toString('latin1', 0, readSync(this.#file, this.#bytes, 0, BITE, null));
    } catch {
      return '';
    }
  }

  #parse(line: string): Call[] {
    try {
      const raw = JSON.parse(line) as { at?: unknown; pid?: unknown } | null;
      const call = typeof raw?.at === 'number' ? cleanCall({ ...raw, ms: raw.at - this.#start }) : undefined;
      if (call === undefined) return [];
      this.#pid ??= raw?.pid;
      return raw?.pid === this.#pid ? [call] : [];
    } catch {
      return [];
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.look();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
