/** Figures of the transfers that are too big for the kernel's buffers. */
import type { Pace } from '../lab/peer.ts';

export const MEBIBYTE = 1024 * 1024;

/**
 * Receive buffer of a slow reader, in bytes. Small, or the kernel would swallow megabytes for it; not tiny, or the
 * kernel's own timers (it grants no window for less than a segment) would make the transfer crawl.
 */
export const SLOW_BUFFER = 64 * 1024;

/** The reader takes nothing for this long, in ms: until every buffer on the way is full. */
export const SLOW_START_MS = 250;

/** Then it takes what is there, and rests. */
export const SLOW_PACE: Pace = { restMs: 1 };
