import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const [down, up] = [await connectPair(lab, upstream, SLOW_BUFFER), await connectPair(lab, upstream)];
    lab.step(
      'blocked two pairs: the client of one reads nothing, the upstream of the other neither; watched how busy the program is',
    );
    down.client.pause();
    up.upstream.pause();
    const piece = lab.payload('blocked', MEBIBYTE);
    const [taken] = await Promise.all([
      sendUntilBlocked(lab, down.upstream, () => piece, OFFERED),
      sendUntilBlocked(lab, up.client, () => piece, OFFERED),
    ]);
    await expectSleeping(lab, program);
    lab.step('let the first client read on, then watched again');
    down.client.resume();
    for (let at = 0; at <= taken; at += piece.length) await down.client.expect(piece);
    await exchange(lab, other, 'client 1');
    await expectSleeping(lab, program);
    lab.step('had the client of the second pair reset its connection, and watched again');
    up.client.reset();
    await expectSleeping(lab, program);
    await exchange(lab, other, 'client 1 again');
    lab.expectAlive(program);
  },
};
