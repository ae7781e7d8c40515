/** What happened in one check, in order, seen from outside the proxy. */
import type { TimelineEntry } from '../check.ts';

/** Writes down what happens; neighbouring transfers of the same socket become one entry. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #start = performance.now();

  /** ms since the check began */
  get now(): number {
    return performance.now() - this.#start;
  }

  add(who: string, what: TimelineEntry['what'], bytes?: number): void {
    const last = this.entries.at(-1);
    if (bytes !== undefined && last?.who === who && last.what === what && last.bytes !== undefined) {
      last.bytes += bytes;
      return;
    }
    this.entries.push({ ms: this.now, who, what, ...(bytes !== undefined && { bytes }) });
  }
}
