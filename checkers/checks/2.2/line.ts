import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const line: Check = {
  id: 'line',
  title: 'A line that is typed reaches the server, newline included, and its answer is printed',
  todos: ['2.2.1', '2.2.2', '2.2.3'],
  doc: 'sendall',
  hint: [
    'Follow the newline that ends the line: does it leave with the line, and does it come out with the answer?',
    'For the server a line is over at its newline, so without it there is no answer. The answer has a newline as well, and it is printed as it came: the server has turned the line around already.',
    [
      '  // what was typed, newline included, goes to the server',
      '  // what comes back, newline included, goes to descriptor 1',
      '  // how many bytes? as many as came, not as many as have room',
    ].join('\n'),
  ],
  async run(harness) {
    const conversation = await startConnected(harness);
    const { terminal, peer } = conversation;
    const typed = lineOf(harness, 'first line');
    harness.step(`typed the line ${JSON.stringify(typed.toString())}; the server answered`);
    await terminal.send(typed);
    await serve(peer, typed);
    harness.step('ended the input');
    terminal.shutdownWrite();
    await expectPrinted(terminal, typed);
    await expectGoodbye(harness, conversation);
  },
};
