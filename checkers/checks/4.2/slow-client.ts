import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendToSlowReader } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const slowClient: Check = {
  id: 'slow-client',
  title: '10 MiB reach a client that reads slowly, in small pieces',
  todos: ['4.2.5', '4.2.7'],
  doc: 'sendall',
  hint: [
    'The same as with a slow upstream, the other way round: what differs in your code between the two directions?',
    'Nothing should. Both handlers use the one function that sends everything. A client that reads slowly is not gone: close no connection, and drop no bytes, because there is no room at the moment.',
    [
      '  // handleClient:   recv, then sendAll to the upstream',
      '  // handleUpstream: recv, then sendAll to the client',
      '  // sendAll:        the only place that calls send, and it does not give up',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream, SLOW_BUFFER);
    const bytes = harness.payload('download', 10 * MEBIBYTE);
    harness.step('sent 10 MiB to a client that reads nothing at first, then small pieces');
    await sendToSlowReader(harness, program, pair.upstream, pair.client, bytes);
  },
};
