import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

const OFFERED = 64 * MEBIBYTE;

export const sleepsWhileBlocked: Check = {
  id: 'sleeps-while-blocked',
  title: 'While bytes have to wait the proxy sleeps, and goes on when there is room',
  todos: ['5.2.2', '5.2.3'],
  doc: 'wantedevents',
  hint: [
    'Nothing moves, and yet epoll_wait comes back at once. With which event, on which socket?',
    'EPOLLOUT on a socket with room, because you still ask for it. Or EPOLLIN on one that you do not read: do not ask for it then. Or EPOLLERR and EPOLLHUP, which come without being asked for, and go away only with the socket.',
    [
      '  // nothing waits for fd: no EPOLLOUT',
      '  // not read at the moment: no EPOLLIN',
      '  // EPOLLERR or EPOLLHUP and nothing to read: this pair is over',
    ].join('\n'),
  ],
  needs: ['paces-down', 'takes-no-more'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const other = await connectPair(harness, upstream);
    const [down, up] = [await connectPair(harness, upstream, SLOW_BUFFER), await connectPair(harness, upstream)];
    harness.step(
      'blocked two pairs: the client of one reads nothing, the upstream of the other neither; watched how busy the program is',
    );
    down.client.pause();
    up.upstream.pause();
    const piece = harness.payload('blocked', MEBIBYTE);
    const [taken] = await Promise.all([
      sendUntilBlocked(harness, down.upstream, () => piece, OFFERED),
      sendUntilBlocked(harness, up.client, () => piece, OFFERED),
    ]);
    await expectSleeping(harness, program);
    harness.step('let the first client read on, then watched again');
    down.client.resume();
    for (let at = 0; at <= taken; at += piece.length) await down.client.expect(piece);
    await exchange(harness, other, 'client 1');
    await expectSleeping(harness, program);
    harness.step('had the client of the second pair reset its connection, and watched again');
    up.client.reset();
    await expectSleeping(harness, program);
    await exchange(harness, other, 'client 1 again');
    harness.expectAlive(program);
  },
};
