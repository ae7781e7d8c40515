import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than all kernel buffers on the path hold. */
const OFFERED = 64 * MEBIBYTE;

export const stalledUpstream: Check = {
  id: 'stalled-upstream',
  title: 'An upstream that does not read stalls no other client',
  todos: ['5.1.5', '5.1.1', '5.1.6'],
  doc: 'sendsome',
  hint: [
    'The same in the other direction. Which socket is it now, and which function made it?',
    'The upstream socket, made by createSocket. It is non-blocking from its birth, and stays so after the handshake.',
    '  // nothing to take back once connect is done: the flag stays',
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const other = await connectPair(harness, upstream);
    const stalled = await connectPair(harness, upstream);
    harness.step('had a client send to an upstream connection that reads nothing, until no more was taken');
    stalled.upstream.pause();
    const piece = harness.payload('upload', MEBIBYTE);
    await sendUntilBlocked(harness, stalled.client, () => piece, OFFERED);
    harness.step('exchanged a line each way with a client that was connected before, then with a new one');
    await exchange(harness, other, 'client 1');
    await exchange(harness, await connectPair(harness, upstream), 'client 3');
    harness.expectAlive(program);
  },
};
