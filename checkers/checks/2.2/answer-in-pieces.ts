import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { answerTo, cut, lineOf, sendPieces } from '../line.ts';

const LONG = 20_000;

export const answerInPieces: Check = {
  id: 'answer-in-pieces',
  title: text.checks.stage2.answerInPiecesTitle,
  todos: ['2.2.2', '2.2.3'],
  doc: 'receiveanswer',
  needs: ['line'],
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const [short, last] = [lineOf(lab, 'short', 18), lineOf(lab, 'last', 5)];
    const long = lineOf(lab, 'long', LONG - 1);
    lab.step(text.checks.stage2.typedThreeLinesServer);
    await terminal.send(Buffer.concat([short, long, last]));
    terminal.finish();
    await peer.expect(short, { due: text.checks.stage2.lineAsTyped });
    const answer = answerTo(short);
    await sendPieces(lab, peer, [...cut(answer.subarray(0, -1), 3), answer.subarray(-1)]);
    lab.step(text.checks.stage2.secondBytes(LONG.toLocaleString('en-US')));
    await serve(peer, long, last);
    await expectPrinted(terminal, short, long, last);
    await expectGoodbye(lab, conversation);
  },
};
