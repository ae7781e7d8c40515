import type { Check } from '../../harness/check.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const bothDirections: Check = {
  id: 'both-directions',
  title: 'Bytes flow in both directions at the same time',
  todos: ['4.2.7', '4.2.6'],
  doc: 'handleupstream',
  hint: [
    'Bytes come from both sides at the same time, and you have one buffer. When is it free for the next bytes?',
    'An event is dealt with from recv to the last byte of send before the next one is looked at: then one buffer is enough. It is not enough if something is kept for later, since a part of a buffer is a view of the same memory and no copy.',
    [
      '  for (/* each event */) {',
      '    // recv into the buffer; send all of it; now it is empty again',
      '  }',
      '  // no list of pieces, no timer, no await in between',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const { client, upstream: peer } = await connectPair(harness, upstream);
    const up = harness.payload('up', 2 * MEBIBYTE);
    const down = harness.payload('down', 2 * MEBIBYTE);
    harness.step('sent 2 MiB each way at the same time');
    await Promise.all([client.send(up), peer.send(down), peer.expect(up), client.expect(down)]);
    harness.expectAlive(program);
  },
};
