/** What the race tells its load generators, and what they answer: one line of JSON each way. */

/** Bytes of one message of the round trips; its first byte says what the upstream is to do with the connection. */
export const MESSAGE_BYTES = 64;
/** First byte of a connection that wants all its bytes back. */
export const ECHO = 'e'.charCodeAt(0);
/** First byte of a connection that wants bytes without end. */
export const FLOOD = 'f'.charCodeAt(0);
/** How long a generator waits for the next byte before it says that the proxy has stalled, in ms. */
export const STALL_MS = 3000;

/** Most that is not counted of the start of a load, in ms, and its share of the time that counts. */
const START_MS = 250;
const START_SHARE = 0.75;

/**
 * How long a load runs before it counts: buffers grow, code gets compiled, and the kernel finds out which process is best
 * off on which processor.
 *
 * @param ms the time that counts
 * @returns ms
 */
export function startMs(ms: number): number {
  return Math.min(START_MS, ms * START_SHARE);
}

/** One measurement, through whatever listens on the port. */
export type Order =
  /** take what the upstream sends without end */
  | { kind: 'bulk'; port: number; streams: number; ms: number }
  /** send messages to and fro, one at a time on each connection */
  | { kind: 'pings'; port: number; connections: number; ms: number }
  /** connect, one message to and fro, close, again */
  | { kind: 'connects'; port: number; atOnce: number; ms: number }
  /** hold so many connections that say nothing; more are opened, or all are closed when fewer are asked for */
  | { kind: 'idle'; port: number; connections: number };

/** What was counted while an order was carried out. */
export interface Answer {
  /** the time that counts, in ms, without the start */
  ms: number;
  /** bytes, round trips or connections in that time; idle: how many connections are held now */
  count: number;
  /** the same from the first to the last, with the start: what the proxy's CPU time is divided by */
  total: number;
  /** of round trips and connections: how long one took, in µs */
  p50?: number;
  p99?: number;
  /** why there is no result, in words */
  problem?: string;
}
