import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than all kernel buffers on the path hold: a proxy that blocks in send() blocks by then. */
const OFFERED = 64 * MEBIBYTE;

export const stalledClient: Check = {
  id: 'stalled-client',
  title: 'A client that does not read stalls no other client',
  todos: ['5.1.5', '5.1.2', '5.1.6'],
  doc: 'sendsome',
  hint: [
    'A client takes no more. Which call of yours meets that first, and what does it answer?',
    'send, on the connection socket. On a blocking one it waits, and so do all other clients: was it accepted with SOCK_NONBLOCK? On a non-blocking one it takes a part, or says EAGAIN. Trying again in a loop is waiting, too.',
    [
      '  accept4(/* the listening socket */, null, null, SOCK_NONBLOCK)',
      '  // sendSome: one send, no loop around it, here or in its caller',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const other = await connectPair(harness, upstream);
    const stalled = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step('sent to a client that reads nothing, until no more was taken');
    stalled.client.pause();
    const piece = harness.payload('download', MEBIBYTE);
    await sendUntilBlocked(harness, stalled.upstream, () => piece, OFFERED);
    harness.step('exchanged a line each way with a client that was connected before, then with a new one');
    await exchange(harness, other, 'client 1');
    await exchange(harness, await connectPair(harness, upstream), 'client 3');
    harness.expectAlive(program);
  },
};
