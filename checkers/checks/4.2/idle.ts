import type { Check } from '../../harness/check.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

export const idle: Check = {
  id: 'idle',
  title: 'When nothing happens the proxy sleeps, and it wakes up when it is needed',
  todos: ['4.2.8', '4.2.6', '4.2.7', '4.1.4', '4.2.5'],
  doc: 'closepair',
  hint: [
    'Nothing happens, and yet epoll_wait comes back at once, again and again. What does it want to tell you, and on which socket?',
    'A socket whose other end has left stays ready to read for ever: recv would answer 0 each time. It is quiet only when it is closed. Two other things have the same effect: asking for EPOLLOUT, which is nearly always true, and a time limit of 0. Print the events of one round, and you see whose they are.',
    [
      '  // events to ask for: EPOLLIN and nothing else',
      '  // time limit: -1',
      '  // recv answers 0, or an error that is not EAGAIN or EINTR: closePair',
    ].join('\n'),
  ],
  needs: ['round-trip', 'client-leaves', 'upstream-leaves'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(
      'had three pairs talk: the client of one left, the upstream of another, the client of the third reset',
    );
    const open = await connectPair(harness, upstream);
    const left = await connectPair(harness, upstream);
    const answered = await connectPair(harness, upstream);
    const vanished = await connectPair(harness, upstream);
    for (const pair of [open, left, answered, vanished]) await exchange(harness, pair, pair.client.name);
    left.client.close();
    answered.upstream.close();
    vanished.client.reset();
    harness.step('kept one more pair open and silent, and watched how busy the program is');
    await expectSleeping(harness, program);
    await harness.interrupt(program);
    harness.step('exchanged a line on the open pair');
    await exchange(harness, open, 'client 1 again');
    harness.expectAlive(program);
  },
};
