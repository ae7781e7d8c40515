import type { Check } from '../../harness/check.ts';
import { LATE_MS, MEBIBYTE, SLOW_BUFFER, SLOW_PACE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const clientLeaves: Check = {
  id: 'client-leaves',
  title: 'A client sends 1 MiB and leaves: all of it arrives, then its upstream connection is closed',
  todos: ['4.2.8', '4.2.6'],
  doc: 'closepair',
  hint: [
    'The client has sent its last byte and has gone. What does recv return, do the bytes or this news come first, and which other side has to know?',
    "First everything that was received goes up, then recv answers 0. That is the moment to end the pair: the upstream's socket is closed, so that it learns that the client is gone, and the client's socket too. Only this pair: other rows and lists stay as they are.",
    [
      '  // recv says 0 (or an error): closePair(client, its upstream)',
      '  // closePair: out of both lists, out of the table, close both',
      '  // an index of -1 removes nothing',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const leaving = await connectPair(harness, upstream);
    const staying = await connectPair(harness, upstream);
    const bytes = harness.payload('last words', MEBIBYTE);
    harness.step('connected two clients; the first sent 1 MiB and closed at once');
    // The upstream reads slowly, so that the client is gone while its bytes are still in transit.
    leaving.upstream.pause();
    const sent = leaving.client.send(bytes).then(() => leaving.client.close());
    await harness.quiet(LATE_MS);
    leaving.upstream.resume(SLOW_PACE);
    await Promise.all([sent, leaving.upstream.expect(bytes)]);
    await leaving.upstream.expectEnd('upstream-not-closed', 'after its client left');
    await leaving.upstream.expectSilence(0);
    leaving.upstream.close();
    harness.step('exchanged a line each way with the second client, then with a third one');
    await exchange(harness, staying, 'client 2');
    await exchange(harness, await connectPair(harness, upstream), 'client 3');
    harness.expectAlive(program);
  },
};
