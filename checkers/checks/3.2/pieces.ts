import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersLongLine, answersPieces, answersSeveralAtOnce } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: text.checks.stage3.piecesTitle,
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
