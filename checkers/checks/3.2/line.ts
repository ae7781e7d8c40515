import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersLines } from '../serving/lines.ts';

export const line: Check = {
  id: 'line',
  title: text.checks.stage3.lineTitle,
  todos: ['3.2.1'],
  doc: 'handleclient',

  async run(lab) {
    const program = await lab.startServer();
    await answersLines(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
