import type { Check } from '../../harness/check.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const clientResets: Check = {
  id: 'client-resets',
  title: 'A client breaks its connection off (RST), in a line or before its answers: the next one is served',
  todos: ['1.1.3', '1.2.3'],
  doc: 'sendall',
  hint: [
    'The connection breaks while you receive, or while you send. What does the call answer in each case, and what becomes of the next client?',
    'recv and send answer -1, with ECONNRESET or EPIPE. This is the end of one client and of nothing else: close its socket and go back to accept. That -1 is not a number of bytes, so never add it to a count.',
    [
      '  // recv says -1: like 0, this client is over',
      '  // send says -1: false, all the way up to the loop around recv',
      '  // never: die, for what concerns one client',
    ].join('\n'),
  ],
  needs: ['line', 'next-client'],
  async run(harness) {
    const program = await harness.startServer();
    harness.step('connected a client, which reset its connection in the middle of a line');
    const first = await harness.connect();
    await ask(first, lineOf(harness, 'client 1'));
    await vanishInALine(first);
    harness.step('exchanged a line with the next client');
    const second = await harness.connect();
    await ask(second, lineOf(harness, 'client 2'));
    second.close();
    harness.step('connected one that sent 6 MB of lines, read no answer, and reset its connection');
    await vanishUnread(harness);
    harness.step('exchanged a line with the next client');
    await ask(await harness.connect(), lineOf(harness, 'client 4'));
    harness.expectAlive(program);
  },
};
