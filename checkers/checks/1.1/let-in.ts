import type { Check } from '../../harness/check.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { leave } from '../serving/goodbye.ts';

const CLIENTS = 3;

export const letIn: Check = {
  id: 'let-in',
  title: `${CLIENTS} clients, one after the other: each is accepted, and when it leaves, its connection is closed`,
  todos: ['1.1.2', '1.1.3'],
  doc: 'acceptconnection',
  hint: [
    'Follow one client, which says nothing and leaves: which call accepts it, which call tells you that it has left, and what do you do then?',
    'accept takes it, recv returns 0 when it has left, close ends your side of the connection. Then the program has to come back to accept for the next one, for ever. A server that forgets close keeps a useless connection; a server that does not come back serves only one client.',
    [
      '  for ever:',
      '    accept           waits for a client',
      '    recv, again …    until it says 0, or -1',
      '    close            this client, not the listening socket',
    ].join('\n'),
  ],
  needs: ['listening'],
  async run(harness) {
    const program = await harness.startServer();
    for (let number = 1; number <= CLIENTS; number += 1) {
      harness.step(`connected client ${number}, which sent nothing and left`);
      const client = await harness.connect();
      await expectAccepted(harness, [client]);
      harness.expectAlive(program);
      await leave(client, 'after it left');
    }
    await harness.settle(program);
  },
};
