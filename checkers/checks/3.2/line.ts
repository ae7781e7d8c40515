import type { Check } from '../../check.ts';
import { answersLines } from '../serving/lines.ts';

export const line: Check = {
  id: 'line',
  title: 'A line comes back reversed, with its newline at the end, and nothing else comes',
  todos: ['3.2.1'],
  doc: 'handleclient',

  async run(lab) {
    const program = await lab.startServer();
    await answersLines(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
