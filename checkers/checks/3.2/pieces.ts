import type { Check } from '../../check.ts';
import { answersLongLine, answersPieces, answersSeveralAtOnce } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: 'Several lines in one piece, one line in pieces, and a line of 20,000 bytes: each is answered once',
  todos: ['3.2.1'],
  doc: 'handleclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    const client = await lab.connect();
    await answersSeveralAtOnce(lab, client);
    await answersPieces(lab, client);
    await answersLongLine(lab, client);
    lab.expectAlive(program);
  },
};
