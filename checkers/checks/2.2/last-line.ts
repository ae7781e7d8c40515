import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { letters, lineOf } from '../line.ts';

/** How long the newline of the last line may take to follow, in ms; some programs send it, some do not. */
const NEWLINE_MS = 30;

export const lastLine: Check = {
  id: 'last-line',
  title: text.checks.stage2.lastLineTitle,
  todos: ['2.1.2', '2.2.2'],
  doc: 'readline',
  needs: ['line'],
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const [whole, rest] = [lineOf(lab, 'whole'), Buffer.from(letters(lab, 'rest', 7))];
    lab.step(text.checks.stage2.typedLineThenOne);
    await terminal.send(Buffer.concat([whole, rest]));
    terminal.finish();
    await serve(peer, whole);
    await peer.expect(rest, { due: text.checks.stage2.lastLine });
    await lab.waiting.until(() => peer.unreadBytes > 0, NEWLINE_MS, true);
    if (peer.peek(1).equals(Buffer.from('\n'))) peer.take();
    lab.step(text.checks.stage2.serverAnsweredBoth);
    const line = Buffer.concat([rest, Buffer.from('\n')]);
    await peer.send(Buffer.concat([Buffer.from(rest).reverse(), Buffer.from('\n')]));
    await expectPrinted(terminal, whole, line);
    await expectGoodbye(lab, conversation);
  },
};
