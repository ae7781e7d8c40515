import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendToSlowReader } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const slowUpstream: Check = {
  id: 'slow-upstream',
  title: '10 MiB reach an upstream that reads slowly, in small pieces',
  todos: ['4.2.5', '4.2.6'],
  doc: 'sendall',
  hint: [
    "The upstream reads slowly, so the kernel's buffers fill up. What does send answer then, and which bytes does your next send offer?",
    'send may take only a part of what it is offered, and says how many bytes that was. The rest is yours: offer it again, from where it begins, until nothing is left. Nothing new may be read into the buffer before that, or the rest is overwritten. A -1 is never a number of bytes.',
    [
      '  let taken = 0;',
      '  while (/* less than all is taken */) {',
      '    // offer from taken on, so many as are left',
      '    // add what was taken; a -1 is not added, it ends this',
      '  }',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream);
    const bytes = harness.payload('upload', 10 * MEBIBYTE);
    harness.step('sent 10 MiB to an upstream that reads nothing at first, then small pieces');
    await sendToSlowReader(harness, program, pair.client, pair.upstream, bytes);
  },
};
