import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { leave } from '../serving/goodbye.ts';

const CLIENTS = 3;

export const letIn: Check = {
  id: 'let-in',
  title: text.checks.stage1.letInTitle(CLIENTS),
  todos: ['1.1.2', '1.1.3'],
  doc: 'acceptconnection',
  needs: ['listening'],
  async run(lab) {
    const program = await lab.startServer();
    for (let number = 1; number <= CLIENTS; number += 1) {
      lab.step(text.checks.stage1.connectedClientWhichSent(number));
      const client = await lab.connect();
      await expectAccepted(lab, [client]);
      lab.expectAlive(program);
      await leave(client, text.checks.stage1.afterLeft);
    }
    await lab.settle(program);
  },
};
