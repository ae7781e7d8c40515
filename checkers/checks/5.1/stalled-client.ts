import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const stalled = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step('sent to a client that reads nothing, until no more was taken');
    stalled.client.pause();
    const piece = lab.payload('download', MEBIBYTE);
    await sendUntilBlocked(lab, stalled.upstream, () => piece, OFFERED);
    lab.step('exchanged a line each way with a client that was connected before, then with a new one');
    await exchange(lab, other, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
