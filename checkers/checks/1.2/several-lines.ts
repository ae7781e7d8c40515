import type { Check } from '../../harness/check.ts';
import { answersSeveralAtOnce } from '../serving/lines.ts';

export const severalLines: Check = {
  id: 'several-lines',
  title: 'Several lines that arrive in one piece are all answered',
  todos: ['1.2.1'],
  doc: 'answerlines',
  hint: [
    'Three lines came with one recv. How often does your code look for a newline?',
    'As often as it finds one. And behind the last newline there may be the beginning of a fourth line: it is neither answered nor thrown away, but waits in the buffer for its end.',
    [
      '  // look for a newline from where the last line ended',
      '  // none: stop, and keep what is there',
      '  // one: answer, and look again',
    ].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    await answersSeveralAtOnce(harness, await harness.connect());
    harness.expectAlive(program);
  },
};
