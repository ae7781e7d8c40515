import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { answerTo, cut, lineOf, sendPieces } from '../line.ts';

const LONG = 20_000;

export const answerInPieces: Check = {
  id: 'answer-in-pieces',
  title: 'An answer that comes in pieces, and one of 20,000 bytes, are printed whole',
  todos: ['2.2.2', '2.2.3'],
  doc: 'receiveanswer',
  hint: [
    'What does your program do when recv brings half of the answer?',
    'The other half is on its way. Receive again, behind the first half, until there is a newline. A long answer needs a buffer that holds all of it, and a recv that is told how much room is left.',
    ['  // is there a newline among the answerN bytes? if not: recv once more'].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const conversation = await startConnected(harness);
    const { terminal, peer } = conversation;
    const [short, last] = [lineOf(harness, 'short', 18), lineOf(harness, 'last', 5)];
    const long = lineOf(harness, 'long', LONG - 1);
    harness.step('typed three lines; the server answered the first in four pieces, the newline alone');
    await terminal.send(Buffer.concat([short, long, last]));
    terminal.shutdownWrite();
    await peer.expect(short, { due: 'the line as it was typed' });
    const answer = answerTo(short);
    await sendPieces(harness, peer, [...cut(answer.subarray(0, -1), 3), answer.subarray(-1)]);
    harness.step(`the second has ${LONG.toLocaleString('en-US')} bytes`);
    await serve(peer, long, last);
    await expectPrinted(terminal, short, long, last);
    await expectGoodbye(harness, conversation);
  },
};
