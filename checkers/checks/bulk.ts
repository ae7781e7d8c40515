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

/** Delay before draining a closed peer, in ms. */
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
    const bytes = piece(index);
    if (!(await isTaken(lab, peer, bytes, blockedMs))) return taken;
    taken += bytes.length;
  }
  return taken;
}

async function isTaken(lab: Lab, peer: Peer, bytes: Buffer, blockedMs: number): Promise<boolean> {
  let gone = false;
  void peer.send(bytes).then(() => {
    gone = true;
    lab.waiting.changed();
  });
  return (await lab.waiting.until(() => gone, blockedMs)) === 'yes';
}

/** What a program does not touch for so long, in ms, it leaves where it is; and how often to look. */
const LEFT_MS = 150;
/** What it has taken and keeps for so long, in ms, waits for room. */
const HELD_MS = 60;
const LOOK_MS = 10;
/** So many bytes find room anywhere: no need to look. */
const AT_LEAST = MEBIBYTE;

/**
 * Sends one piece after the other until the program leaves something unread: there is no room for it further on. What is
 * sent behind that, and be it the end, comes to the program's own kernel, where there is room yet.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @returns how many pieces were sent
 */
export async function sendUntilLeft(
  lab: Lab,
  peer: Peer,
  piece: (index: number) => Buffer,
  most: number,
): Promise<number> {
  let [sent, bytes] = [0, 0];
  // A peer that has finished sending may still receive.
  while (bytes < most && peer.end !== 'rst') {
    const next = piece(sent);
    sent += 1;
    bytes += next.length;
    if (!(await isTaken(lab, peer, next, BLOCKED_MS)) || (bytes > AT_LEAST && (await isLeft(lab, peer)))) break;
  }
  return sent;
}

/**
 * Sends one piece after the other, and stops in the moment in which bytes wait in the program itself: it has taken all, and
 * there is no room for all of it further on. A program that never holds any is sent as much as it takes.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @returns how many pieces were sent
 */
export async function sendUntilHeld(
  lab: Lab,
  from: Peer,
  to: Peer,
  piece: (index: number) => Buffer,
  most: number,
): Promise<number> {
  const before = to.receivedBytes;
  let [sent, bytes] = [0, 0];
  while (bytes < most && from.end !== 'rst') {
    const next = piece(sent);
    sent += 1;
    bytes += next.length;
    if (!(await isTaken(lab, from, next, BLOCKED_MS))) break;
    if (bytes > AT_LEAST && ((await isLeft(lab, from)) || (await isHeld(lab, to, before + bytes)))) break;
  }
  return sent;
}

/** Whether some of these bytes are neither with the reader nor on their way to it, and stay where they are. */
async function isHeld(lab: Lab, to: Peer, bytes: number): Promise<boolean> {
  for (let waited = 0; waited < HELD_MS; waited += LOOK_MS) {
    const { onTheirWay } = to;
    if (onTheirWay === undefined || to.receivedBytes + onTheirWay >= bytes) return false;
    await lab.quiet(LOOK_MS);
  }
  return true;
}

/** Whether bytes stay unread. A program that reads in small pieces gets the time to go on. */
async function isLeft(lab: Lab, peer: Peer): Promise<boolean> {
  let [unread, waited] = [peer.unreadThere, 0];
  while (unread > 0 && waited < LEFT_MS) {
    await lab.quiet(LOOK_MS);
    const now = peer.unreadThere;
    waited = now < unread ? 0 : waited + LOOK_MS;
    unread = now;
  }
  return unread > 0;
}
