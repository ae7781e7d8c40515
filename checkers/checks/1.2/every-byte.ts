import type { Check } from '../../harness/check.ts';
import { answersEveryByte } from '../serving/lines.ts';

export const everyByte: Check = {
  id: 'every-byte',
  title: 'Blanks, carriage returns, capitals, and bytes that are not text are reversed like any others',
  todos: ['1.2.2', '1.2.1'],
  doc: 'reverseline',
  hint: [
    'What does your program do to a line apart from looking for its newline and turning it around? And what is a line to it: bytes, or text?',
    'A line is all that stands before its newline: blanks at its ends and a carriage return belong to it. And it is bytes. Made into a string, bytes that are no text in UTF-8 are replaced and lost; an é, which has two bytes, would be turned around as one. A Buffer does all that is needed here, without a string.',
    [
      '  // no trim, no toString: the line is a view of the buffer',
      '  // from its first byte to the one before the newline',
    ].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    await answersEveryByte(harness, await harness.connect());
    harness.expectAlive(program);
  },
};
