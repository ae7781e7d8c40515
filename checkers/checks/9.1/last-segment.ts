import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import { expectFinished } from '../6.1/finished.ts';
import { connectPair, exchange } from '../pair.ts';

/** Fewer than any buffer holds: recv() returns less than there was room for. */
const LAST_BYTES = 10_000;

/** Sends the last bytes and the FIN while the proxy is stopped: epoll reports both as one change. */
async function finishAtOnce(harness: Harness, program: Program, from: Peer, to: Peer): Promise<void> {
  const bytes = harness.payload(`last bytes of ${from.name}`, LAST_BYTES);
  await harness.whileStopped(program, async () => {
    await from.send(bytes);
    await from.shutdownWrite();
  });
  await to.expect(bytes);
  await expectFinished(to);
}

export const lastSegment: Check = {
  id: 'last-segment',
  title: 'The last bytes and the end of the stream come as one event: both are passed on',
  todos: ['9.1.9', '9.1.6'],
  doc: 'handleevents',
  hint: [
    'The last bytes and the FIN came in one event. Which bit says so, and what will your program hear after that?',
    'EPOLLRDHUP, and then nothing. A short read means that no bytes are left, but the end has to be read, too: recv has to return 0. That is what `certain` is for.',
    '  const certain = /* one of those bits behind which nothing comes */;',
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(
      `the client sent ${LAST_BYTES.toLocaleString('en-US')} bytes and finished before the proxy could react; then the upstream did`,
    );
    const first = await connectPair(harness, upstream);
    await exchange(harness, first, 'client 1');
    await finishAtOnce(harness, program, first.client, first.upstream);
    await finishAtOnce(harness, program, first.upstream, first.client);
    harness.step('the same with another pair, the upstream first');
    const second = await connectPair(harness, upstream);
    await finishAtOnce(harness, program, second.upstream, second.client);
    await finishAtOnce(harness, program, second.client, second.upstream);
    harness.expectAlive(program);
  },
};
