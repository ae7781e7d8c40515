import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';

/** More than a pipe and the kernel's buffers on the path hold. */
const MEBIBYTES = 12;

/** Sends and receives, at full speed. */
export async function carryBulk(
  harness: Harness,
  from: Peer,
  to: Peer,
  label: string,
  mebibytes = MEBIBYTES,
): Promise<void> {
  const bytes = harness.payload(`${from.name}, ${label}`, mebibytes * MEBIBYTE);
  await Promise.all([from.send(bytes), to.expect(bytes)]);
}

export const bulk: Check = {
  id: 'bulk',
  title: `Lines, ${MEBIBYTES} MiB both ways at the same time, and lines again`,
  todos: ['9.2.1', '9.2.2', '9.2.3', '9.2.4', '9.2.5'],
  doc: 'movepages',
  hint: [
    'Follow one megabyte: out of which descriptor, into which, and out of which again?',
    'splice(socket, pipe.into), then splice(pipe.out, socket). What the first one returns is what the second one has to move, perhaps in several calls.',
    ['  socket -> pipe.into    filled = what came', '  pipe.out -> socket     filled -= what went'].join('\n'),
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const first = await connectPair(harness, upstream);
    for (const time of ['first', 'again']) await linesAndBulk(harness, first, time);
    await exchange(harness, first, 'last');
    // Its pipes are free now; the next pair may reuse them, one for each direction.
    first.client.reset();
    await first.upstream.expectEnd('upstream-not-closed', 'after its client left');
    first.upstream.close();
    await linesAndBulk(harness, await connectPair(harness, upstream), 'next');
    harness.expectAlive(program);
  },
};

async function linesAndBulk(harness: Harness, pair: Pair, time: string): Promise<void> {
  const { client, upstream } = pair;
  harness.step(`exchanged a line each way, then sent ${MEBIBYTES} MiB each way at once`);
  await exchange(harness, pair, time);
  await Promise.all([carryBulk(harness, client, upstream, time), carryBulk(harness, upstream, client, time)]);
}
