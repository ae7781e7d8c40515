import type { Check } from '../../check.ts';

export const listening: Check = {
  id: 'listening',
  title: 'The server listens on the port that it is given, and stays up',
  todos: ['1.1.1', '1.1.2'],
  doc: 'createserver',
  async run(lab) {
    const program = await lab.startServer();
    await lab.settle(program);
  },
};
