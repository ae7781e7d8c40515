import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** How much the client reads before it resets. */
const READ = 100_000;
/** More than all kernel buffers on the path hold: a proxy that reads all of it reads data that it cannot deliver. */
const OFFERED = 64 * MEBIBYTE;
const READ_MS = 5000;
/** A sender that makes no progress for this long, in ms, counts as blocked. */
const BLOCKED_MS = 150;

export const clientResets: Check = {
  id: 'client-resets',
  title: text.checks.stage4.clientResetsTitle,
  todos: ['4.2.5', '4.2.7', '4.2.8'],
  doc: 'closepair',
  needs: ['round-trip', 'upstream-leaves'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const staying = await connectPair(lab, upstream);
    const pair = await connectPair(lab, upstream);
    lab.step(text.checks.stage4.sentMiBClientWhich(READ / 1000));
    const piece = lab.payload('download', MEBIBYTE);
    void pair.upstream.send(piece);
    const waited = await lab.waiting.soon(() => pair.client.receivedBytes >= READ, READ_MS);
    if (waited !== 'yes') throw stalled(pair.client.receivedBytes);
    // So a blocking proxy is in send() when the client resets, and send() fails every time.
    pair.client.pause();
    await sendUntilBlocked(lab, pair.upstream, () => piece, OFFERED, BLOCKED_MS);
    pair.client.reset();
    await pair.upstream.expectEnd('upstream-not-closed', text.checks.stage4.afterClientVanished);
    pair.upstream.close();
    lab.step(text.checks.stage4.exchangedALineEachWayWithAnotherClient);
    await exchange(lab, staying, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    await resetInSilence(lab, await connectPair(lab, upstream), ({ client, upstream: peer }) => [client, peer]);
    await resetInSilence(lab, await connectPair(lab, upstream), ({ client, upstream: peer }) => [peer, client]);
    await exchange(lab, staying, 'client 1 again');
    lab.step(text.checks.stage4.watchedHowBusyAfterReset);
    await expectSleeping(lab, program);
    lab.expectAlive(program);
  },
};

/** No bytes are in transit, so no send() fails: only recv() returns the reset. */
async function resetInSilence(lab: Lab, pair: Pair, sides: (pair: Pair) => [Peer, Peer]): Promise<void> {
  const [vanishing, other] = sides(pair);
  lab.step(text.checks.stage4.resetInSilence(vanishing.name));
  await exchange(lab, pair, pair.client.name);
  vanishing.reset();
  const symptom = other === pair.client ? 'client-not-closed' : 'upstream-not-closed';
  await other.expectEnd(symptom, text.checks.stage4.afterOtherVanished(vanishing.name));
  other.close();
}

function stalled(received: number): CheckFailure {
  return new CheckFailure({
    symptom: 'missing-bytes',
    expected: text.checks.stage4.atLeastBytesDownload(READ),
    observed: text.checks.stage4.onlyCameS(received, READ_MS / 1000),
  });
}
