import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

/** Together short enough for a trace to show all their bytes. */
const LENGTHS = [6, 9, 1, 0, 5];

/** Time between separate events, in ms. */
const ANSWER_MS = 15;

export const severalLines: Check = {
  id: 'several-lines',
  title: 'Lines that come in one piece, or one line in pieces: each is sent, and the answers come in order',
  todos: ['2.1.2', '2.2.2'],
  doc: 'readline',
  hint: [
    'Three lines came with one read. Where are the second and the third while you wait for the answer to the first?',
    'They have to stay in the input buffer, in front, for the next call of readLine. So before you read again, look whether there is a line left. And send one line at a time: then you know that each answer belongs to the line that you sent last.',
    ['  // take one line out; the rest moves to the front', '  // one line -> one answer -> the next line'].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const conversation = await startConnected(harness);
    const { terminal, peer } = conversation;
    const together = LENGTHS.map((length) => lineOf(harness, `line of ${length}`, length));
    harness.step(`gave it ${together.length} lines in one piece; the server answered each`);
    await terminal.send(Buffer.concat(together));
    for (const line of together) {
      await serve(peer, line);
      await harness.quiet(ANSWER_MS);
    }
    harness.step('gave it half a line, then the other half');
    const halves = lineOf(harness, 'in halves', 16);
    await terminal.send(halves.subarray(0, 7));
    await harness.quiet(ANSWER_MS);
    await terminal.send(halves.subarray(7));
    harness.step('ended the input before the server had answered that');
    terminal.shutdownWrite();
    await harness.quiet(ANSWER_MS);
    await serve(peer, halves);
    await expectPrinted(terminal, ...together, halves);
    await expectGoodbye(harness, conversation);
  },
};
