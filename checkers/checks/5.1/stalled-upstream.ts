import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const stalled = await connectPair(lab, upstream);
    lab.step('had a client send to an upstream connection that reads nothing, until no more was taken');
    stalled.upstream.pause();
    const piece = lab.payload('upload', MEBIBYTE);
    await sendUntilBlocked(lab, stalled.client, () => piece, OFFERED);
    lab.step('exchanged a line each way with a client that was connected before, then with a new one');
    await exchange(lab, other, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
