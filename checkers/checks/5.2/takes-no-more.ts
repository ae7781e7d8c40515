import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage5.takesNoMoreTitle,
  todos: ['5.2.2', '5.2.1'],
  doc: 'wantedevents',
  needs: ['paces-down'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const down = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.offeredGibibyte('client'));
    await offer(lab, down.upstream, down.client);
    await leaveUnread(lab, down);
    const up = await connectPair(lab, upstream);
    lab.step(text.checks.stage5.offeredGibibyte('upstream'));
    await offer(lab, up.client, up.upstream);
    lab.step(text.checks.stage5.answeredMeanwhile);
    const answer = lab.message('upstream answering client 2');
    await Promise.all([up.upstream.send(answer), up.client.expect(answer)]);
    lab.expectAlive(program);
  },
};

/** Bytes that were kept for this client must not reach the next one, which may get the same descriptor. */
async function leaveUnread(lab: Lab, { client, upstream }: Pair): Promise<void> {
  lab.step(text.checks.stage5.resetWithoutReading);
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
    expected: text.checks.stage5.proxyStopsReading(from.name, to.name),
    observed: text.checks.stage5.tookMiBWithout(Math.round(taken / MEBIBYTE)),
  });
}
