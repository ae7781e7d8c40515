import type { Check } from '../../check.ts';
import { answersPieces } from '../serving/lines.ts';

export const pieces: Check = {
  id: 'pieces',
  title: 'A line that arrives in pieces is answered once, when it is whole',
  todos: ['1.2.1', '1.1.3'],
  doc: 'answerlines',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    await answersPieces(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
