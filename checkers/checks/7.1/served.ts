import type { Check } from '../../harness/check.ts';
import { connectPair, exchange } from '../pair.ts';

export const served: Check = {
  id: 'served',
  title: 'One client alone is accepted and served, and so is the next one',
  todos: ['7.1.1', '7.1.2', '7.1.5', '7.1.6', '7.1.3', '7.1.4'],
  doc: 'acceptconnections',
  hint: [
    'One client connects. How often is accept4 called for that, and what does it return the last time?',
    'Twice: once it returns the client, once it says EAGAIN. The second answer is the usual end of the loop, no failure. If the program hangs here, the listening socket blocks; if it ends here, it took EAGAIN for a failure.',
    ['  accept4 -> a descriptor   link it', '  accept4 -> -1, EAGAIN     queue empty: back to the loop'].join('\n'),
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step('connected one client, and exchanged a line each way');
    const first = await connectPair(harness, upstream);
    await exchange(harness, first, 'client 1');
    harness.step('connected another one, while the first stayed, and exchanged a line each way');
    await exchange(harness, await connectPair(harness, upstream), 'client 2');
    await exchange(harness, first, 'client 1 again');
    harness.expectAlive(program);
  },
};
