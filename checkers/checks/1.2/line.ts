import type { Check } from '../../harness/check.ts';
import { answersLines } from '../serving/lines.ts';

export const line: Check = {
  id: 'line',
  title: 'A line comes back reversed, with its newline at the end, and nothing else comes',
  todos: ['1.2.1', '1.2.2', '1.2.3'],
  doc: 'answerlines',
  hint: [
    'Ten bytes come in, nine letters and a newline. Follow the first letter: where does it stand in the buffer, where after turning around, and which number says how many bytes are sent?',
    'The newline is the end of the line and stays the end of the answer, so nine bytes are turned around, not ten. And the answer is as long as the line: not as the buffer, and not as what came last. Print the line with JSON.stringify before and after, and you see the newline, too.',
    [
      "  'abc\\n'  has 4 bytes; 3 of them change places",
      '  // send: those 4 bytes, neither more nor less',
      '  // then back to recv: the client may have more to say',
    ].join('\n'),
  ],

  async run(harness) {
    const program = await harness.startServer();
    await answersLines(harness, await harness.connect());
    harness.expectAlive(program);
  },
};
