import type { Check } from '../../harness/check.ts';
import { answersPieces } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: 'A line that arrives in pieces is answered once, when it is whole',
  todos: ['1.2.1', '1.1.3'],
  doc: 'answerlines',
  hint: [
    'What does your code do when a recv brings bytes without a newline among them?',
    'Nothing, apart from keeping them. TCP carries bytes and knows no messages: what was sent with one call may arrive with three, and the other way round. A line is over when its newline has come, and at no other time.',
    [
      '  // before: |abc.......|          bufferedN is 3',
      '  // recv:      where to? how many bytes fit there?',
      '  // after:  |abcdef....|          bufferedN is 6, and no newline yet',
    ].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    await answersPieces(harness, await harness.connect());
    harness.expectAlive(program);
  },
};
