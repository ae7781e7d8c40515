import type { Check } from '../../check.ts';
import { expectGoodbye, startConnected } from '../asking/client.ts';

export const endOfInput: Check = {
  id: 'end-of-input',
  title: 'At the end of its input the client closes the connection and ends, with exit code 0',
  todos: ['2.1.2'],
  doc: 'readline',
  needs: ['connects'],
  async run(lab) {
    const conversation = await startConnected(lab);
    lab.step('ended the input, as Ctrl-D does, without having typed anything');
    conversation.terminal.finish();
    await expectGoodbye(lab, conversation);
  },
};
