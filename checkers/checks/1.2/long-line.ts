import type { Check } from '../../check.ts';
import { answersLongLine } from '../serving/lines.ts';

export const longLine: Check = {
  id: 'long-line',
  title: 'A line of 20,000 bytes is answered like a short one',
  todos: ['1.1.3', '1.2.1'],
  doc: 'handleclient',
  needs: ['line', 'pieces'],
  async run(lab) {
    const program = await lab.startServer();
    await answersLongLine(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
