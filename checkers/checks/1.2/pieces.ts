import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersPieces } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: text.checks.stage1.piecesTitle,
  todos: ['1.2.1', '1.1.3'],
  doc: 'answerlines',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    await answersPieces(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
