import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersLines } from '../serving/lines.ts';

export const line: Check = {
  id: 'line',
  title: text.checks.stage1.lineTitle,
  todos: ['1.2.1', '1.2.2', '1.2.3'],
  doc: 'answerlines',

  async run(lab) {
    const program = await lab.startServer();
    await answersLines(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
