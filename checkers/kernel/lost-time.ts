/**
 * How long this process could not do what was due: because it was computing, or because a busy machine gave it no
 * processor. What happened meanwhile on its sockets it has not seen yet, and nobody else is to blame for that.
 */

/** How often to look at the clock, in ms; twice as much may pass without anything being lost. */
const TICK_MS = 50;

let lost = 0;
let last = performance.now();

function sinceLastTick(): number {
  return Math.max(0, performance.now() - last - 2 * TICK_MS);
}

setInterval(() => {
  lost += sinceLastTick();
  last = performance.now();
}, TICK_MS).unref();

/** ms lost since the start of this process. */
export function lostMs(): number {
  return lost + sinceLastTick();
}
