/** Many durations, and their percentiles. */

const MOST = 1 << 20;

export class Times {
  /** number of added durations; the first million are kept */
  count = 0;
  readonly #kept = new Float64Array(MOST);

  add(ms: number): void {
    if (this.count < MOST) this.#kept[this.count] = ms;
    this.count += 1;
  }

  clear(): void {
    this.count = 0;
  }

  /** In µs; undefined if empty. */
  percentiles(): { p50?: number; p99?: number } {
    const sorted = this.#kept.slice(0, Math.min(this.count, MOST)).sort();
    const at = (share: number): number =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 1000;
    return sorted.length === 0 ? {} : { p50: at(0.5), p99: at(0.99) };
  }
}
