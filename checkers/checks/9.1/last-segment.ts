import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Program } from '../../lab/program.ts';
import { expectFinished } from '../6.1/finished.ts';
import { connectPair, exchange } from '../pair.ts';

/** Fewer than any buffer holds: recv() returns less than there was room for. */
const LAST_BYTES = 10_000;

/** Sends the last bytes and the FIN while the proxy is stopped: epoll reports both as one change. */
async function finishAtOnce(lab: Lab, program: Program, from: Peer, to: Peer): Promise<void> {
  const bytes = lab.payload(`last bytes of ${from.name}`, LAST_BYTES);
  await lab.heldStill(program, async () => {
    await from.send(bytes);
    await from.finish();
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(
      `the client sent ${LAST_BYTES.toLocaleString('en-US')} bytes and finished before the proxy could react; then the upstream did`,
    );
    const first = await connectPair(lab, upstream);
    await exchange(lab, first, 'client 1');
    await finishAtOnce(lab, program, first.client, first.upstream);
    await finishAtOnce(lab, program, first.upstream, first.client);
    lab.step('the same with another pair, the upstream first');
    const second = await connectPair(lab, upstream);
    await finishAtOnce(lab, program, second.upstream, second.client);
    await finishAtOnce(lab, program, second.client, second.upstream);
    lab.expectAlive(program);
  },
};
