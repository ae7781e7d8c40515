/** Figures of the transfers that are too big for the kernel's buffers. */
import type { Lab } from '../lab/lab.ts';
import type { Pace, Peer } from '../lab/peer.ts';

export const MEBIBYTE = 1024 * 1024;

/**
 * Receive buffer of a slow reader, in bytes. Small, or the kernel would swallow megabytes for it; not tiny, or the
 * kernel's own timers (it grants no window for less than a segment) would make the transfer crawl.
 */
export const SLOW_BUFFER = 64 * 1024;

/** The reader takes nothing for this long, in ms: until every buffer on the way is full. */
export const SLOW_START_MS = 250;

/** Who reads what somebody has sent who left begins this late, in ms. */
export const LATE_MS = 80;

/** Then it takes what is there, and rests. */
export const SLOW_PACE: Pace = { restMs: 1 };

/** A sender that is not allowed to go on for this long, in ms, takes it that the way is blocked. */
const BLOCKED_MS = 400;

/**
 * Sends one piece after the other until they are not taken any more: every buffer on the way is full then.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @param blockedMs how long nothing may be taken before the way counts as blocked, in ms
 * @returns how many bytes were taken; one more piece stands in line behind them, unless all were taken
 */
export async function sendUntilBlocked(
  lab: Lab,
  peer: Peer,
  piece: (index: number) => Buffer,
  most: number,
  blockedMs = BLOCKED_MS,
): Promise<number> {
  let taken = 0;
  for (let index = 0; taken < most && peer.end === 'open'; index += 1) {
    let gone = false;
    const bytes = piece(index);
    void peer.send(bytes).then(() => {
      gone = true;
      lab.waiting.changed();
    });
    if ((await lab.waiting.until(() => gone, blockedMs)) !== 'yes') return taken;
    taken += bytes.length;
  }
  return taken;
}
