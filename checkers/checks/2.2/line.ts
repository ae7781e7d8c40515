import type { Check } from '../../check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const line: Check = {
  id: 'line',
  title: 'A line that is typed reaches the server, newline included, and its answer is printed',
  todos: ['2.2.1', '2.2.2', '2.2.3'],
  doc: 'sendall',
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const typed = lineOf(lab, 'first line');
    lab.step(`typed the line ${JSON.stringify(typed.toString())}; the server answered`);
    await terminal.send(typed);
    await serve(peer, typed);
    lab.step('ended the input');
    terminal.finish();
    await expectPrinted(terminal, typed);
    await expectGoodbye(lab, conversation);
  },
};
