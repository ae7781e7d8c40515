/** Fast and slow, sending and reading: all four pairings, in each direction. */

import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, SLOW_START_MS, sendUntilBlocked } from '../bulk.ts';
import { connectPair, type Pair } from '../pair.ts';

/** A fast sender sends all of this at once. */
const FAST_BYTES = 8 * MEBIBYTE;
/** To a slow reader it sends until every buffer on the path is full, at most this much. */
const MAX_BYTES = 64 * MEBIBYTE;
/** A slow sender sends this many pieces, with a pause after each, in ms. */
const PIECES = 40;
const PIECE_BYTES = 5000;
const REST_MS = 2;

const PAIRINGS = [
  { sender: 'fast', reader: 'fast' },
  { sender: 'fast', reader: 'slow' },
  { sender: 'slow', reader: 'fast' },
  { sender: 'slow', reader: 'slow' },
] as const;

type Pairing = (typeof PAIRINGS)[number];

async function carry(harness: Harness, { sender, reader }: Pairing, from: Peer, to: Peer): Promise<void> {
  if (sender === 'fast' && reader === 'slow') return fillThenRead(harness, from, to);
  const bytes = harness.payload(`${from.name} sends`, sender === 'fast' ? FAST_BYTES : PIECES * PIECE_BYTES);
  if (reader === 'slow') to.pause();
  const sent = sender === 'fast' ? from.send(bytes) : sendSlowly(harness, from, bytes);
  if (reader === 'slow') {
    await harness.quiet(SLOW_START_MS);
    to.resume(SLOW_PACE);
  }
  await to.expect(bytes);
  await sent;
}

/** The reader begins only when all buffers on the path are full, on a fast or slow machine. */
async function fillThenRead(harness: Harness, from: Peer, to: Peer): Promise<void> {
  to.pause();
  const piece = (index: number): Buffer => harness.payload(`${from.name} sends, ${index}`, MEBIBYTE);
  const taken = await sendUntilBlocked(harness, from, piece, MAX_BYTES);
  to.resume(SLOW_PACE);
  // If all was taken, no more was sent.
  const pieces = taken / MEBIBYTE + (taken < MAX_BYTES ? 1 : 0);
  for (let index = 0; index < pieces; index += 1) await to.expect(piece(index));
}

async function sendSlowly(harness: Harness, from: Peer, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    await from.send(bytes.subarray(at, at + PIECE_BYTES));
    await harness.quiet(REST_MS);
  }
}

export const pacesDown: Check = {
  id: 'paces-down',
  title: 'To clients: slow and fast, sending and reading, in all four pairings every byte arrives',
  todos: ['5.2.1', '5.2.3', '5.2.2'],
  doc: 'keeprest',
  hint: [
    'send took 20,000 of 65,536 bytes. Where are the other 45,536, which event brings them on their way, and when is the upstream read again?',
    'The place is waiting, as a copy. The event is EPOLLOUT on the connection socket. The moment is when the last of them is taken. If bytes are wrong, look at the place: is it a copy, and does it begin at the right byte? If they stop coming, look at the event and at the moment.',
    [
      '  // keepRest:     a copy, from the first byte that was not taken',
      '  // wantedEvents: EPOLLOUT for the one, no EPOLLIN for the other',
      '  // flush:        when all is gone, both as before',
    ].join('\n'),
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step('had four upstream connections send, two fast and two slow, each to a fast or a slow client');
    const pairs: Pair[] = [];
    for (const { reader } of PAIRINGS) {
      pairs.push(await connectPair(harness, upstream, reader === 'slow' ? SLOW_BUFFER : undefined));
    }
    await Promise.all(
      PAIRINGS.map((pairing, index) => {
        const pair = pairs[index];
        return pair && carry(harness, pairing, pair.upstream, pair.client);
      }),
    );
    harness.expectAlive(program);
  },
};

export const pacesUp: Check = {
  id: 'paces-up',
  title: 'To the upstream: slow and fast, in all four pairings every byte arrives',
  todos: ['5.2.1', '5.2.3', '5.2.2'],
  doc: 'keeprest',
  hint: [
    'To clients it works. What is different on the way to the upstream?',
    'Nothing should be: relay, keepRest and flush know two sockets and a direction, not which one is the client. Look for a place where your program asks which kind of socket it has.',
    '  // fd and peerFd, from and to: the same lines for both directions',
  ],
  needs: ['paces-down'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    harness.step('had four clients send, two fast and two slow, each to an upstream that reads fast or slowly');
    const pairs: Pair[] = [];
    for (const _ of PAIRINGS) pairs.push(await connectPair(harness, upstream));
    await Promise.all(
      PAIRINGS.map((pairing, index) => {
        const pair = pairs[index];
        return pair && carry(harness, pairing, pair.client, pair.upstream);
      }),
    );
    harness.expectAlive(program);
  },
};
