/** Many bytes at once, then none: epoll reports a single change for all of them. */
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { expectFinished } from '../6.1/finished.ts';
import { sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** More than the initial buffer, and small enough for the kernel to take it at once. */
const BURST = 48_000;
/** How long our own kernel may need to take it, in ms. */
const TAKEN_MS = 1000;

/** Sends a burst while the proxy is stopped: all of it is there when the proxy goes on, and epoll reports it once. */
async function sendBurst(harness: Harness, program: Program, froms: Peer[], thenFinish = false): Promise<void> {
  await harness.whileStopped(program, async () => {
    for (const from of froms) await sendUntilBlocked(harness, from, () => burstOf(harness, from), BURST, TAKEN_MS);
    if (thenFinish) for (const from of froms) await from.shutdownWrite();
  });
}

function burstOf(harness: Harness, from: Peer): Buffer {
  return harness.payload(`burst of ${from.name}`, BURST);
}

export const burst: Check = {
  id: 'burst',
  title: `${BURST.toLocaleString('en-US')} bytes at once, and then silence: all of them arrive`,
  todos: ['9.1.3', '9.1.6', '9.1.7'],
  doc: 'movebytes',
  hint: [
    '48,000 bytes came at once and were reported once. How many times does your program call recv for that?',
    'As often as the buffer was full, and once more. If it stops after the first full read, look at what moveBytes returns then, and whether the buffer had grown by the time it compared.',
    ['  recv -> 16,384 of 16,384   full: there may be more', '  recv -> 31,616 of 32,768   short: that is all'].join(
      '\n',
    ),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream);
    harness.step(
      `sent ${BURST.toLocaleString('en-US')} bytes before the proxy could react, first from the client, then from the upstream`,
    );
    await sendBurst(harness, program, [pair.client]);
    await pair.upstream.expect(burstOf(harness, pair.client));
    await sendBurst(harness, program, [pair.upstream]);
    await pair.client.expect(burstOf(harness, pair.upstream));
    await exchange(harness, pair, 'client 1');
    harness.expectAlive(program);
  },
};

export const turns: Check = {
  id: 'turns',
  title: 'Bytes beyond the limit of one turn wait for the next turn, and then the proxy sleeps',
  todos: ['9.1.5', '9.1.4', '9.1.3'],
  doc: 'interrupt-and-goon',
  hint: [
    'This check lets one direction make a single move before it is the turn of others (MAX_MOVES=1). Where does your program note that there is more?',
    'In interrupt: a mark, and a place in the list. goOn goes through the list after each batch of events, and epoll_wait does not wait while the list has entries. If the program is busy all the time, the list never gets empty.',
    '  // interrupt: mark and push; goOn: unmark, relay',
  ],
  needs: ['burst'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy({ MAX_MOVES: '1' });
    const pairs = [await connectPair(harness, upstream), await connectPair(harness, upstream)] as const;
    harness.step(
      `sent ${BURST.toLocaleString('en-US')} bytes before the proxy could react, from one pair's client and from the other's upstream`,
    );
    const [up, down] = pairs;
    await sendBurst(harness, program, [up.client, down.upstream]);
    await Promise.all([
      up.upstream.expect(burstOf(harness, up.client)),
      down.client.expect(burstOf(harness, down.upstream)),
    ]);
    harness.step('watched how busy the program is');
    await expectSleeping(harness, program);
    for (const pair of pairs) await exchange(harness, pair, pair.client.name);
    harness.expectAlive(program);
    await program.kill();
    for (const pair of pairs) pair.upstream.close();
    await endBehindTurn(harness, upstream);
  },
};

/** With the initial buffer: the end of the stream follows the bytes of the second turn. */
async function endBehindTurn(harness: Harness, upstream: Upstream): Promise<void> {
  const program = await harness.startProxy({ MAX_MOVES: '1' });
  const { client, upstream: peer } = await connectPair(harness, upstream);
  harness.step(`a client sent ${BURST.toLocaleString('en-US')} bytes and finished before the proxy could react`);
  await sendBurst(harness, program, [client], true);
  await peer.expect(burstOf(harness, client));
  await expectFinished(peer);
  harness.expectAlive(program);
}
