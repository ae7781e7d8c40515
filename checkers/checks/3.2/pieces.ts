import type { Check } from '../../harness/check.ts';
import { answersLongLine, answersPieces, answersSeveralAtOnce } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: 'Several lines in one piece, one line in pieces, and a line of 20,000 bytes: each is answered once',
  todos: ['3.2.1'],
  doc: 'handleclient',
  hint: [
    'Half a line has come. Where is it when the event with the other half arrives?',
    'In the map of unfinished lines, under the socket of its client, as a copy of its own. handleClient brings it back to the front of the buffer before it receives, and the new bytes go behind it.',
    [
      '  // at the start: from the map to the front of the buffer',
      '  // at the end: a copy of what is left, back to the map',
    ].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    const client = await harness.connect();
    await answersSeveralAtOnce(harness, client);
    await answersPieces(harness, client);
    await answersLongLine(harness, client);
    harness.expectAlive(program);
  },
};
