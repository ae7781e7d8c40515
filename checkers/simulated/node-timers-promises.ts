/** In place of node:timers/promises. */
import { setTimeout as timer, Promise as VirtualPromise } from './virtual-time.ts';

export function setTimeout(ms: number): unknown {
  return new VirtualPromise((resolve) => timer(resolve, ms));
}
