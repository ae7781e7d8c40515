import type { Check } from '../../harness/check.ts';
import { expectGoodEnd } from '../leaving.ts';
import { connectPair, exchange } from '../pair.ts';

export const goodbye: Check = {
  id: 'goodbye',
  title: 'SIGTERM without clients: the proxy ends, with exit code 0',
  todos: ['7.2.4', '7.2.5', '7.2.6'],
  doc: 'signals-in-the-loop',
  hint: [
    'SIGTERM is sent, and no client is connected. Which line of yours runs next, and which one after that?',
    'The descriptor of the signals has to be in the loop, and its handler has to take the signal out. Then the listening socket is closed, and the loop sees that nothing is left: no listening socket, no pair. A row that was never deleted counts as a client that never leaves.',
    '  // draining, the listening socket closed, the table empty: process.exit(0)',
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step('had a client connect, exchange lines and leave');
    const pair = await connectPair(harness, upstream);
    await exchange(harness, pair, 'client 1');
    pair.client.close();
    await pair.upstream.expectEnd('upstream-not-closed', 'after its client left');
    pair.upstream.close();
    await harness.settle(program);
    harness.step('sent SIGTERM');
    program.askToEnd();
    await expectGoodEnd(harness, program, 'after SIGTERM');
  },
};
