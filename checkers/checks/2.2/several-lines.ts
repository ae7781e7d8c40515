import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

/** Together short enough for a trace to show all their bytes. */
const LENGTHS = [6, 9, 1, 0, 5];

/** Time between separate events, in ms. */
const ANSWER_MS = 15;

export const severalLines: Check = {
  id: 'several-lines',
  title: text.checks.stage2.severalLinesTitle,
  todos: ['2.1.2', '2.2.2'],
  doc: 'readline',
  needs: ['line'],
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const together = LENGTHS.map((length) => lineOf(lab, `line of ${length}`, length));
    lab.step(text.checks.stage2.gaveLinesOnePiece(together.length));
    await terminal.send(Buffer.concat(together));
    for (const line of together) {
      await serve(peer, line);
      await lab.quiet(ANSWER_MS);
    }
    lab.step(text.checks.stage2.gaveHalfLineThen);
    const halves = lineOf(lab, 'in halves', 16);
    await terminal.send(halves.subarray(0, 7));
    await lab.quiet(ANSWER_MS);
    await terminal.send(halves.subarray(7));
    lab.step(text.checks.stage2.endedInputBeforeServer);
    terminal.finish();
    await lab.quiet(ANSWER_MS);
    await serve(peer, halves);
    await expectPrinted(terminal, ...together, halves);
    await expectGoodbye(lab, conversation);
  },
};
