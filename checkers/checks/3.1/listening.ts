import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

export const listening: Check = {
  id: 'listening',
  title: text.checks.stage3.listeningTitle,
  todos: ['3.1.1', '3.1.2', '3.1.3'],
  doc: 'createloop',
  async run(lab) {
    const program = await lab.startServer();
    await lab.settle(program);
  },
};
