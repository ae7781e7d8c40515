/** The protocol between the race and its load generators: one line of JSON each way. */

/** Size of a round-trip message in bytes; its first byte selects what the upstream does with the connection. */
export const MESSAGE_BYTES = 64;
/** First byte of a connection to be echoed. */
export const ECHO = 'e'.charCodeAt(0);
/** First byte of a connection that wants an endless stream. */
export const FLOOD = 'f'.charCodeAt(0);
/** Timeout for the next byte, after which the proxy counts as stalled, in ms. */
export const STALL_MS = 3000;

/** Maximum warm-up of a load, in ms, and its share of the measured time. */
const START_MS = 250;
const START_SHARE = 0.75;

/**
 * Warm-up of a load before it is measured: buffers grow, code gets compiled, and the kernel settles processes
 * on processors.
 *
 * @param ms the measured time
 * @returns ms
 */
export function startMs(ms: number): number {
  return Math.min(START_MS, ms * START_SHARE);
}

/** One measurement, through the proxy on a port. */
export type Order =
  /** receive the upstream's endless stream */
  | { kind: 'bulk'; port: number; streams: number; ms: number }
  /** send messages to and fro, one at a time on each connection */
  | { kind: 'pings'; port: number; connections: number; ms: number }
  /** connect, one message to and fro, close, again */
  | { kind: 'connects'; port: number; atOnce: number; ms: number }
  /** hold this many idle connections; opens more as needed, or closes all if fewer are requested */
  | { kind: 'idle'; port: number; connections: number };

/** The counts of an order. */
export interface Answer {
  /** the measured time, in ms, without the warm-up */
  ms: number;
  /** bytes, round trips or connections in that time; idle: how many connections are held now */
  count: number;
  /** the same including the warm-up: the divisor of the proxy's CPU time */
  total: number;
  /** of round trips and connections: how long one took, in µs */
  p50?: number;
  p99?: number;
  /** why there is no result, in words */
  problem?: string;
}
