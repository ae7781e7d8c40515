/** The events of one check, in order, as seen from outside the proxy. */
import type { TimelineEntry } from '../contract/check.ts';

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Records events; neighbouring transfers of the same socket become one entry. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  /** CLOCK_MONOTONIC in ms when the check began: the clock that traces go by, too */
  readonly start = monotonicMs();

  /** ms since the check began */
  get now(): number {
    return monotonicMs() - this.start;
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
