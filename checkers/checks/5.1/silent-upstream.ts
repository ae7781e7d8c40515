import type { Check } from '../../harness/check.ts';
import { exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** How long to wait for the proxy to block in the handshake, in ms. */
const CAUGHT_MS = 100;

export const silentUpstream: Check = {
  id: 'silent-upstream',
  title: 'An upstream that does not answer a handshake stalls no other client',
  todos: ['5.1.3', '5.1.1', '5.1.2'],
  doc: 'connectupstream',
  hint: [
    'Your program blocks in one call while all clients wait, or it never sleeps. Which call is it, and what does it wait for?',
    'If it is connect, its socket is a blocking one. If it is a loop that asks whether the handshake is over, that is the same with more work. Begin it, go back to epoll_wait, and be told. If it is epoll_wait, again and again: a client whose handshake is still under way has gone, and EPOLLERR says so until its pair is closed.',
    ['  // createSocket: SOCK_NONBLOCK', '  // connectUpstream: one connect, EINPROGRESS is fine, return'].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startFullUpstream();
    const program = await harness.startProxy();
    harness.step('connected a client, and exchanged a line each way');
    const served = { client: await harness.connect(), upstream: await upstream.connection() };
    await exchange(harness, served, 'client 1');
    harness.step('filled the queue of the upstream, so that it answers no handshake, and connected two more clients');
    await upstream.fill();
    const hanging = await harness.connect();
    const broken = await harness.connect();
    await harness.quiet(CAUGHT_MS);
    harness.step('exchanged a line each way with the first client');
    await exchange(harness, served, 'client 1 again');
    harness.step('had the second client leave, and exchanged a line with the first one again');
    hanging.close();
    await exchange(harness, served, 'client 1 once more');
    // epoll reports a broken connection without being asked to, again and again.
    harness.step(
      'had the third client reset its connection, watched how busy the program is, and exchanged a line with the first one',
    );
    broken.reset();
    await expectSleeping(harness, program);
    await exchange(harness, served, 'client 1 at last');
    harness.expectAlive(program);
  },
};
