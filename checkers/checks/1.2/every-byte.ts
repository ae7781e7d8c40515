import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersEveryByte } from '../serving/lines.ts';

export const everyByte: Check = {
  id: 'every-byte',
  title: text.checks.stage1.everyByteTitle,
  todos: ['1.2.2', '1.2.1'],
  doc: 'reverseline',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    await answersEveryByte(lab, await lab.connect());
    lab.expectAlive(program);
  },
};
