import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const down = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(offeredGibibyte('client'));
    await offer(lab, down.upstream, down.client);
    await leaveUnread(lab, down);
    const up = await connectPair(lab, upstream);
    lab.step(offeredGibibyte('upstream'));
    await offer(lab, up.client, up.upstream);
    lab.step('had that upstream send a line meanwhile');
    const answer = lab.message('upstream answering client 2');
    await Promise.all([up.upstream.send(answer), up.client.expect(answer)]);
    lab.expectAlive(program);
  },
};

/** Bytes that were kept for this client must not reach the next one, which may get the same descriptor. */
async function leaveUnread(lab: Lab, { client, upstream }: Pair): Promise<void> {
  lab.step('had the client reset its connection, with all of that unread');
  client.reset();
  await lab.waiting.until(() => upstream.end !== 'open', GONE_MS);
}

/** Sends to a peer that reads nothing, until the proxy takes no more. */
async function offer(lab: Lab, from: Peer, to: Peer): Promise<void> {
  to.pause();
  const piece = lab.payload(`for ${to.name}`, MEBIBYTE);
  const taken = await sendUntilBlocked(lab, from, () => piece, MOST, BLOCKED_MS);
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
