import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, startConnected } from '../asking/client.ts';

export const endOfInput: Check = {
  id: 'end-of-input',
  title: text.checks.stage2.endOfInputTitle,
  todos: ['2.1.2'],
  doc: 'readline',
  needs: ['connects'],
  async run(lab) {
    const conversation = await startConnected(lab);
    lab.step(text.checks.stage2.endedInputAsCtrl);
    conversation.terminal.finish();
    await expectGoodbye(lab, conversation);
  },
};
