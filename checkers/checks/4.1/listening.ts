import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

export const listening: Check = {
  id: 'listening',
  title: text.checks.stage4.listeningTitle,
  todos: ['4.1.1', '4.1.2', '4.1.3', '4.1.4'],
  doc: 'createserver',
  async run(lab) {
    await lab.startUpstream();
    const program = await lab.startProxy();
    await lab.settle(program);
  },
};
