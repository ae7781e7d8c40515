import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
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
  title: 'A side vanishes, in a download or in silence: the other is told, others are served',
  todos: ['4.2.5', '4.2.7', '4.2.8'],
  doc: 'closepair',
  hint: [
    'The proxy is in the middle of a send when the client vanishes. What does send answer, and where does this answer end up in your program? And what does recv answer when a side vanishes while nothing is on its way?',
    'send answers -1 (EPIPE or ECONNRESET). If that is added to a count, the loop never ends. If it is not looked at, the proxy reads on for a client that has gone. It has to leave sendAll as false, and false has to lead to closePair: then the upstream is told, and all others are served as before. It is no reason to end the program. When nothing is on its way, no send fails: recv answers -1 (ECONNRESET), and that ends the pair, both sides of it, as a 0 does.',
    [
      '  // sendAll:  -1 -> return false (EINTR: once more)',
      '  // recv:     0 or -1 -> closePair (EAGAIN, EINTR: not yet)',
      '  // handlers: false -> closePair, then back to the loop',
      '  // nowhere:  die, throw',
    ].join('\n'),
  ],
  needs: ['round-trip', 'upstream-leaves'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const staying = await connectPair(harness, upstream);
    const pair = await connectPair(harness, upstream);
    harness.step(
      `sent up to 64 MiB to a client, which read the first ${READ / 1000} kB and no more, and then reset its connection (RST)`,
    );
    const piece = harness.payload('download', MEBIBYTE);
    void pair.upstream.send(piece);
    const waited = await harness.waiting.soon(() => pair.client.receivedBytes >= READ, READ_MS);
    if (waited !== 'yes') throw stalled(pair.client.receivedBytes);
    // So a blocking proxy is in send() when the client resets, and send() fails every time.
    pair.client.pause();
    await sendUntilBlocked(harness, pair.upstream, () => piece, OFFERED, BLOCKED_MS);
    pair.client.reset();
    await pair.upstream.expectEnd('upstream-not-closed', 'after its client vanished');
    pair.upstream.close();
    harness.step('exchanged a line each way with another client, then with a new one');
    await exchange(harness, staying, 'client 1');
    await exchange(harness, await connectPair(harness, upstream), 'client 3');
    await resetInSilence(harness, await connectPair(harness, upstream), ({ client, upstream: peer }) => [client, peer]);
    await resetInSilence(harness, await connectPair(harness, upstream), ({ client, upstream: peer }) => [peer, client]);
    await exchange(harness, staying, 'client 1 again');
    harness.step('watched how busy the program is after that');
    await expectSleeping(harness, program);
    harness.expectAlive(program);
  },
};

/** No bytes are in transit, so no send() fails: only recv() returns the reset. */
async function resetInSilence(harness: Harness, pair: Pair, sides: (pair: Pair) => [Peer, Peer]): Promise<void> {
  const [vanishing, other] = sides(pair);
  harness.step(`exchanged a line each way on a new pair, then reset ${vanishing.name} (RST) with nothing on its way`);
  await exchange(harness, pair, pair.client.name);
  vanishing.reset();
  const symptom = other === pair.client ? 'client-not-closed' : 'upstream-not-closed';
  await other.expectEnd(symptom, `after ${vanishing.name} vanished`);
  other.close();
}

function stalled(received: number): CheckFailure {
  return new CheckFailure({
    symptom: 'missing-bytes',
    expected: `at least ${READ} bytes of the download arrive`,
    observed: `only ${received} came in ${READ_MS / 1000} s`,
  });
}
