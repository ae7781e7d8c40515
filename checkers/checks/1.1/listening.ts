import { text } from '../../messages/index.ts';
import type { Check } from '../check.ts';

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
