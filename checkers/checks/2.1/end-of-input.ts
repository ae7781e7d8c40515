import type { Check } from '../../harness/check.ts';
import { expectGoodbye, startConnected } from '../asking/client.ts';

export const endOfInput: Check = {
  id: 'end-of-input',
  title: 'At the end of its input the client closes the connection and ends, with exit code 0',
  todos: ['2.1.2'],
  doc: 'readline',
  hint: [
    'What does read answer when the input is over, and what does your program do then?',
    'It returns 0, and will do so for ever: a program that reads on never stops. The 0 tells you to close the connection and to end, with exit code 0, since all went well.',
    ['  // read says 0 -> readLine says that there are no more lines', '  // main: out of the loop, close'].join('\n'),
  ],
  needs: ['connects'],
  async run(harness) {
    const conversation = await startConnected(harness);
    harness.step('ended the input, as Ctrl-D does, without having typed anything');
    conversation.terminal.shutdownWrite();
    await expectGoodbye(harness, conversation);
  },
};
