import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { letters, lineOf } from '../line.ts';

/** How long the newline of the last line may take to follow, in ms; some programs send it, some do not. */
const NEWLINE_MS = 30;

export const lastLine: Check = {
  id: 'last-line',
  title: 'A last line without a newline is sent all the same, and its answer printed before the end',
  todos: ['2.1.2', '2.2.2'],
  doc: 'readline',
  hint: [
    'The input ends, and the last thing in your buffer has no newline. What becomes of it?',
    'It is still a line, and it needs an answer. Add the missing newline, or the server will wait for the rest. Only after its answer is the program done.',
    ['  // read says 0, and inputN is above 0: one line more', '  // read says 0, and inputN is 0: no more lines'].join(
      '\n',
    ),
  ],
  needs: ['line'],
  async run(harness) {
    const conversation = await startConnected(harness);
    const { terminal, peer } = conversation;
    const [whole, rest] = [lineOf(harness, 'whole'), Buffer.from(letters(harness, 'rest', 7))];
    harness.step('typed a line, then one without a newline, and ended the input');
    await terminal.send(Buffer.concat([whole, rest]));
    terminal.shutdownWrite();
    await serve(peer, whole);
    await peer.expect(rest, { due: 'the last line' });
    await harness.waiting.until(() => peer.unreadBytes > 0, NEWLINE_MS, true);
    if (peer.peek(1).equals(Buffer.from('\n'))) peer.take();
    harness.step('the server answered both');
    const line = Buffer.concat([rest, Buffer.from('\n')]);
    await peer.send(Buffer.concat([Buffer.from(rest).reverse(), Buffer.from('\n')]));
    await expectPrinted(terminal, whole, line);
    await expectGoodbye(harness, conversation);
  },
};
