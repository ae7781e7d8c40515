import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, type Pair } from '../pair.ts';

/**
 * The sender offers 1 GiB, and a correct proxy takes almost none of it: the kernel's buffers on the path hold 5 to
 * 10 MiB. Beyond this limit, in bytes, the data is in the proxy's own memory, so the check need not wait for the rest.
 */
const MOST = 48 * MEBIBYTE;

/** A proxy that keeps everything may take a while for a piece on a busy machine. */
const BLOCKED_MS = 1500;

/** How long the proxy may take to close the pair of a closed client, in ms. A longer time is no failure here. */
const GONE_MS = 2000;

export const takesNoMore: Check = {
  id: 'takes-no-more',
  title: '1 GiB for a peer that does not read: the proxy takes a few MiB of it, and leaves the rest',
  todos: ['5.2.2', '5.2.1'],
  doc: 'wantedevents',
  hint: [
    'The upstream keeps sending, and the client does not read. In whose memory are these bytes?',
    'In yours, if you go on reading. Stop: without EPOLLIN you are not told, the kernel fills its buffer, and then it tells the sender to wait. That is backpressure, and all you have to do is not ask for EPOLLIN. It slows down a client that sends to a slow upstream in the same way.',
    '  // something waits for its peer? then no EPOLLIN for this one',
  ],
  needs: ['paces-down'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const down = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step(offeredGibibyte('client'));
    await offer(harness, down.upstream, down.client);
    await leaveUnread(harness, down);
    const up = await connectPair(harness, upstream);
    harness.step(offeredGibibyte('upstream'));
    await offer(harness, up.client, up.upstream);
    harness.step('had that upstream send a line meanwhile');
    const answer = harness.message('upstream answering client 2');
    await Promise.all([up.upstream.send(answer), up.client.expect(answer)]);
    harness.expectAlive(program);
  },
};

/** Bytes that were kept for this client must not reach the next one, which may get the same descriptor. */
async function leaveUnread(harness: Harness, { client, upstream }: Pair): Promise<void> {
  harness.step('had the client reset its connection, with all of that unread');
  client.reset();
  await harness.waiting.until(() => upstream.end !== 'open', GONE_MS);
}

/** Sends to a peer that reads nothing, until the proxy takes no more. */
async function offer(harness: Harness, from: Peer, to: Peer): Promise<void> {
  to.pause();
  const piece = harness.payload(`for ${to.name}`, MEBIBYTE);
  const taken = await sendUntilBlocked(harness, from, () => piece, MOST, BLOCKED_MS);
  if (taken < MOST) return;
  throw new CheckFailure({
    symptom: 'takes-too-much',
    expected: `the proxy stops reading from ${from.name} while ${to.name} takes nothing`,
    observed: `it took ${Math.round(taken / MEBIBYTE)} MiB, and would have gone on`,
  });
}

function offeredGibibyte(who: string): string {
  return `offered 1 GiB to ${who === 'client' ? 'a client that' : 'an upstream that'} reads nothing`;
}
