import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step('had a client connect, exchange lines and leave');
    const pair = await connectPair(lab, upstream);
    await exchange(lab, pair, 'client 1');
    pair.client.close();
    await pair.upstream.expectEnd('upstream-not-closed', 'after its client left');
    pair.upstream.close();
    await lab.settle(program);
    lab.step('sent SIGTERM');
    program.askToEnd();
    await expectGoodEnd(lab, program, 'after SIGTERM');
  },
};
