import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersSeveralAtOnce } from '../serving/lines.ts';

export const severalLines: Check = {
  id: 'several-lines',
  title: text.checks.stage1.severalLinesTitle,
  todos: ['1.2.1'],
  doc: 'answerlines',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    await answersSeveralAtOnce(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
