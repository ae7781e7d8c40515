import type { Check } from '../../harness/check.ts';
import { LATE_MS, MEBIBYTE, SLOW_BUFFER, SLOW_PACE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const upstreamLeaves: Check = {
  id: 'upstream-leaves',
  title: 'The upstream answers with 1 MiB and closes: all of it arrives, then the client is closed',
  todos: ['4.2.8', '4.2.7'],
  doc: 'closepair',
  hint: [
    'The upstream has answered and closed. How does the client get to know that the answer is complete?',
    'By the end of its own connection, which only the proxy can bring about: after the last byte was sent on, close the client that belongs to this upstream. closePair does it, if it gets the two sockets in the right order.',
    [
      '  // in handleUpstream: recv says 0 -> closePair(the client, this upstream)',
      '  // no new connection, not this socket alone, no farewell of your own',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const leaving = await connectPair(harness, upstream, SLOW_BUFFER);
    const staying = await connectPair(harness, upstream);
    const bytes = harness.payload('whole answer', MEBIBYTE);
    harness.step('connected two clients; the upstream sent the first one 1 MiB and closed at once');
    // The client reads slowly, so that the upstream is gone while its bytes are still in transit.
    leaving.client.pause();
    const sent = leaving.upstream.send(bytes).then(() => leaving.upstream.close());
    await harness.quiet(LATE_MS);
    leaving.client.resume(SLOW_PACE);
    await Promise.all([sent, leaving.client.expect(bytes)]);
    await leaving.client.expectEnd('client-not-closed', 'after its upstream closed');
    await leaving.client.expectSilence(0);
    leaving.client.close();
    harness.step('exchanged a line each way with the second client, then with a third one');
    await exchange(harness, staying, 'client 2');
    await exchange(harness, await connectPair(harness, upstream), 'client 3');
    harness.expectAlive(program);
  },
};
