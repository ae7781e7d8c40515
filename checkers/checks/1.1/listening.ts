import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

export const listening: Check = {
  id: 'listening',
  title: text.checks.stage1.listeningTitle,
  todos: ['1.1.1', '1.1.2'],
  doc: 'createserver',
  async run(lab) {
    const program = await lab.startServer();
    await lab.settle(program);
  },
};
