import type { Check } from '../../harness/check.ts';
import type { Peer } from '../../harness/peer.ts';
import { expectGoodEnd } from '../leaving.ts';
import { exchange } from '../pair.ts';
import { gather, pairByTags } from '../tags.ts';

/** More than three turns of the loop accept: the program may see the signal a turn later than the clients. */
const CLIENTS = 200;
/** Clients that connect at once to a third-party proxy, whose backlog may be short. */
const WAVE = 100;

export const queue: Check = {
  id: 'queue',
  title: `${CLIENTS} clients that connected before SIGTERM are served before the proxy ends`,
  todos: ['7.2.5', '7.1.1'],
  doc: 'startdraining-and-closelistener',
  hint: [
    'The kernel has accepted connections that your program has not. Where are they when you close the listening socket?',
    'Gone: it resets them. So call accept4 until it says EAGAIN, and close the socket only then.',
    '  // draining: accept what is in the queue; empty? close the listener',
  ],
  needs: ['goodbye', 'drain'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(`had ${CLIENTS} clients connect and send a line, and sent SIGTERM before the proxy could react`);
    let clients: Peer[] = [];
    await harness.whileStopped(program, async () => {
      // A third-party proxy is not stopped, and may decide differently which clients came in time.
      clients = harness.settings.program.afterLesson
        ? await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()))
        : await gather(harness, upstream, CLIENTS, WAVE);
      program.askToEnd();
    });
    await upstream.expectConnections(CLIENTS);
    const pairs = await pairByTags(harness, clients, upstream.connections);
    harness.step('exchanged lines with each of them');
    for (const pair of pairs) await exchange(harness, pair, pair.client.name);
    for (const pair of pairs) {
      pair.client.close();
      await pair.upstream.expectEnd('upstream-not-closed', 'after its client left');
      pair.upstream.close();
    }
    await expectGoodEnd(harness, program, 'after the last client has left');
  },
};
