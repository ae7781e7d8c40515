import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOfEveryByte, mixedLine, untidyLine } from '../line.ts';

export const everyByte: Check = {
  id: 'every-byte',
  title: 'Lines and answers are bytes: blanks, carriage returns, capitals, and bytes that are not text go through',
  todos: ['2.1.2', '2.2.3'],
  doc: 'printanswer',
  hint: [
    'Follow one line, there and back: is it ever anything else than bytes in a Buffer? And what is done to it besides looking for its newline?',
    'The client hands on what it gets. Blanks and a carriage return belong to the line. A string is for text: bytes that are no text in UTF-8 become other bytes when they are made into one, and console.log takes nothing else. write takes the bytes as they are.',
    [
      '  // to the server: the bytes that were read, up to and with the newline',
      '  // to the terminal: the first answerN bytes of answer, with write',
    ].join('\n'),
  ],
  needs: ['line', 'several-lines'],
  async run(harness) {
    const conversation = await startConnected(harness);
    const { terminal, peer } = conversation;
    const lines = [untidyLine(harness), mixedLine(harness), lineOfEveryByte(harness)];
    const steps = [
      `gave it the line ${JSON.stringify(String(lines[0]))}: blanks, tabs, and a carriage return before the newline; the server answered`,
      'gave it a line of capitals and small letters; the server answered',
      'gave it a line of 255 bytes, each value but the newline once; the server answered',
    ];
    for (const [index, line] of lines.entries()) {
      harness.step(steps[index] ?? '');
      await terminal.send(line);
      await serve(peer, line);
    }
    harness.step('ended the input');
    terminal.shutdownWrite();
    await expectPrinted(terminal, ...lines);
    await expectGoodbye(harness, conversation);
  },
};
