/** The duration of a line each way. */
import type { Harness } from '../harness/harness.ts';
import { exchange, type Pair } from './pair.ts';

const TRIES = 9;
/** On a busy machine round trips vary. One that takes this many times as long as before is a stall. */
const TIMES_LONGER = 20;

/** In ms: the median of a few. */
export async function roundTripMs(harness: Harness, pair: Pair, label: string): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TRIES; time += 1) {
    const begin = performance.now();
    await exchange(harness, pair, `${label}, ${time}`);
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(TRIES / 2)] ?? 0;
}

/**
 * Whether a round trip takes so long that the program must have waited for something else.
 *
 * @param ms its duration now, in ms
 * @param before its duration, in ms, when there was nothing to wait for: a slow machine is slow then, too
 * @param longMs a round trip below this, in ms, is no stall
 */
export function isStalled(harness: Harness, ms: number, before: number, longMs: number): boolean {
  return ms >= Math.max(longMs, TIMES_LONGER * before) * Math.max(1, harness.waiting.patience);
}
