import type { Check } from '../../check.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { leave } from '../serving/goodbye.ts';

const CLIENTS = 3;

export const letIn: Check = {
  id: 'let-in',
  title: `${CLIENTS} clients, one after the other: each is let in, and when it leaves, its connection is closed`,
  todos: ['1.1.2', '1.1.3'],
  doc: 'acceptconnection',
  needs: ['listening'],
  async run(lab) {
    const program = await lab.startServer();
    for (let number = 1; number <= CLIENTS; number += 1) {
      lab.step(`connected client ${number}, which sent nothing and left`);
      const client = await lab.connect();
      await expectAccepted(lab, [client]);
      lab.expectAlive(program);
      await leave(client, 'after it left');
    }
    await lab.settle(program);
  },
};
