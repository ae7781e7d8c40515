import type { Check } from '../../harness/check.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than three turns of the loop accept: epoll may have reported the first clients before the others connect. */
const CLIENTS = 200;

export const knocks: Check = {
  id: 'knocks',
  title: `${CLIENTS} clients connect while the proxy is busy elsewhere: all are accepted`,
  todos: ['7.1.1'],
  doc: 'acceptconnections',
  hint: [
    'The queue holds more clients than you accept at a time. What reminds you of the rest?',
    'epoll does, as long as it is level-triggered: the listening socket is reported again while a client is in its queue. With EPOLLET it would not be. And true means that the queue is empty, so do not return it when the loop ended at MAX_ACCEPTS.',
    '  // the listening socket: EPOLLIN, no EPOLLET',
  ],
  needs: ['served'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const early = await connectPair(harness, upstream);
    harness.step(`had ${CLIENTS} clients connect before the proxy could react`);
    await harness.whileStopped(program, async () => {
      await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()));
    });
    await upstream.expectConnections(CLIENTS + 1);
    harness.step('exchanged a line with a client that was connected all the time, then with a new one');
    await exchange(harness, early, 'client 1');
    await exchange(harness, await connectPair(harness, upstream), 'the last client');
    harness.expectAlive(program);
  },
};
