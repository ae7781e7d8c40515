/** How long a line each way takes. */
import type { Lab } from '../lab/lab.ts';
import { exchange, type Pair } from './pair.ts';

const TRIES = 9;

/** In ms: the median of a few. */
export async function roundTripMs(lab: Lab, pair: Pair, label: string): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TRIES; time += 1) {
    const begin = performance.now();
    await exchange(lab, pair, `${label}, ${time}`);
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(TRIES / 2)] ?? 0;
}
