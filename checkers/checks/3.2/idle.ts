import type { Check } from '../../harness/check.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine } from '../serving/vanish.ts';
import { expectSleeping } from '../sleeping.ts';

export const idle: Check = {
  id: 'idle',
  title: 'When some clients have left and the others say nothing, the server sleeps',
  todos: ['3.2.2', '3.2.1'],
  doc: 'closeclient',
  hint: [
    'epoll_wait returns at once, again and again, though no client sends anything. Which socket does it report?',
    'The socket of a client that has left and was not closed, whether in a line or between two lines: the end of a stream can be read for ever, so epoll reports it for ever. Or its timeout is 0.',
    ['  // recv says 0: closeClient, with or without an unfinished line'].join('\n'),
  ],
  needs: ['line', 'leaves'],
  async run(harness) {
    const program = await harness.startServer();
    harness.step('four clients sent a line; one stayed, one left, one closed at once, one reset its connection');
    const [staying, leaving, closing, vanishing] = [
      await harness.connect(),
      await harness.connect(),
      await harness.connect(),
      await harness.connect(),
    ];
    for (const client of [staying, leaving, closing, vanishing]) await ask(client, lineOf(harness, client.name));
    leaving.shutdownWrite();
    closing.close();
    await vanishInALine(vanishing);
    harness.step('watched how busy the program is');
    await expectSleeping(harness, program);
    await harness.interrupt(program);
    harness.step('exchanged a line with the first client');
    await ask(staying, lineOf(harness, 'client 1 again'));
    harness.expectAlive(program);
  },
};
