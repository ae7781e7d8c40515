/** Transfers that are too big for the kernel's buffers. */
import type { Harness } from '../harness/harness.ts';
import type { Pace, Peer } from '../harness/peer.ts';
import type { Program } from '../harness/program.ts';

export const MEBIBYTE = 1024 * 1024;

/**
 * Receive buffer of a slow reader, in bytes. Small, or the kernel would buffer megabytes for it; not tiny, or the kernel's
 * own timers (it announces no window smaller than a segment) would make the transfer crawl.
 */
export const SLOW_BUFFER = 64 * 1024;

/** The reader reads nothing for this long, in ms: until every buffer on the path is full. */
export const SLOW_START_MS = 250;

/** Delay before draining a closed peer, in ms. */
export const LATE_MS = 80;

/** Then it reads what is there, and pauses. */
export const SLOW_PACE: Pace = { restMs: 1 };

/** Sends to a side that reads nothing at first, then small pieces; it gets every byte. */
export async function sendToSlowReader(
  harness: Harness,
  program: Program,
  from: Peer,
  to: Peer,
  bytes: Buffer,
): Promise<void> {
  to.pause();
  const sent = from.send(bytes);
  await harness.quiet(SLOW_START_MS);
  await harness.interrupt(program);
  to.resume(SLOW_PACE);
  await to.expect(bytes);
  await sent;
  harness.expectAlive(program);
}

/** A sender that makes no progress for this long, in ms, counts as blocked. */
const BLOCKED_MS = 400;

/**
 * Sends one piece after the other until no more is taken: every buffer on the path is full then.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @param blockedMs how long nothing may be taken before the path counts as blocked, in ms
 * @returns how many bytes were taken; one more piece waits behind them, unless all were taken
 */
export async function sendUntilBlocked(
  harness: Harness,
  peer: Peer,
  piece: (index: number) => Buffer,
  most: number,
  blockedMs = BLOCKED_MS,
): Promise<number> {
  let taken = 0;
  for (let index = 0; taken < most && peer.end === 'open'; index += 1) {
    const bytes = piece(index);
    if (!(await isTaken(harness, peer, bytes, blockedMs))) return taken;
    taken += bytes.length;
  }
  return taken;
}

async function isTaken(harness: Harness, peer: Peer, bytes: Buffer, blockedMs: number): Promise<boolean> {
  let gone = false;
  void peer.send(bytes).then(() => {
    gone = true;
    harness.waiting.changed();
  });
  return (await harness.waiting.until(() => gone, blockedMs)) === 'yes';
}

/** Bytes that a program does not read for this long, in ms, stay unread; and how often to look. */
const LEFT_MS = 150;
/** Bytes that it has read and keeps for this long, in ms, wait for room. */
const HELD_MS = 60;
const LOOK_MS = 10;
/** This many bytes fit into any buffers: no need to look. */
const AT_LEAST = MEBIBYTE;

/**
 * Sends one piece after the other until the program leaves bytes unread, because it has no room to send them on. Later
 * bytes, and the FIN, still reach the program's own receive buffer, which has room.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @returns how many pieces were sent
 */
export async function sendUntilLeft(
  harness: Harness,
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
    if (!(await isTaken(harness, peer, next, BLOCKED_MS)) || (bytes > AT_LEAST && (await isLeft(harness, peer)))) break;
  }
  return sent;
}

/**
 * Sends one piece after the other, and stops as soon as bytes wait in the program itself: it has read all, and cannot send
 * all of it on. If a program never keeps any bytes, it gets as much as it takes.
 *
 * @param piece the piece with a number, the first one is 0
 * @param most stop after so many bytes
 * @returns how many pieces were sent
 */
export async function sendUntilHeld(
  harness: Harness,
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
    if (!(await isTaken(harness, from, next, BLOCKED_MS))) break;
    if (bytes > AT_LEAST && ((await isLeft(harness, from)) || (await isHeld(harness, to, before + bytes)))) break;
  }
  return sent;
}

/** Whether some of these bytes have neither arrived nor are in transit to the reader, and stay in the program. */
async function isHeld(harness: Harness, to: Peer, bytes: number): Promise<boolean> {
  for (let waited = 0; waited < HELD_MS; waited += LOOK_MS) {
    const { onTheirWay } = to;
    if (onTheirWay === undefined || to.receivedBytes + onTheirWay >= bytes) return false;
    await harness.quiet(LOOK_MS);
  }
  return true;
}

/** Whether bytes stay unread. A program that reads in small pieces gets the time to go on. */
async function isLeft(harness: Harness, peer: Peer): Promise<boolean> {
  let [unread, waited] = [peer.unreadThere, 0];
  while (unread > 0 && waited < LEFT_MS) {
    await harness.quiet(LOOK_MS);
    const now = peer.unreadThere;
    waited = now < unread ? 0 : waited + LOOK_MS;
    unread = now;
  }
  return unread > 0;
}
