import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersLongLine } from '../serving/lines.ts';

export const longLine: Check = {
  id: 'long-line',
  title: text.checks.stage1.longLineTitle,
  todos: ['1.1.3', '1.2.1'],
  doc: 'handleclient',
  needs: ['line', 'pieces'],
  async run(lab) {
    const program = await lab.startServer();
    await answersLongLine(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
