/**
 * How long this process could not handle its events: it was computing, or a busy machine gave it no processor. It has not
 * seen yet what happened on its sockets meanwhile, and the program under test is not to blame for that.
 */

/** How often to look at the clock, in ms; up to twice as long counts as nothing lost. */
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
