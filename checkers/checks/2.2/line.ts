import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const line: Check = {
  id: 'line',
  title: text.checks.stage2.lineTitle,
  todos: ['2.2.1', '2.2.2', '2.2.3'],
  doc: 'sendall',
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const typed = lineOf(lab, 'first line');
    lab.step(text.checks.stage2.typedLineServerAnswered(JSON.stringify(typed.toString())));
    await terminal.send(typed);
    await serve(peer, typed);
    lab.step(text.checks.stage2.endedInput);
    terminal.finish();
    await expectPrinted(terminal, typed);
    await expectGoodbye(lab, conversation);
  },
};
