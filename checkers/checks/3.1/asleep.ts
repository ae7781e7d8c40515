import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { expectSleeping } from '../sleeping.ts';

const CLIENTS = 3;

export const asleep: Check = {
  id: 'asleep',
  title: text.checks.stage3.asleepTitle,
  todos: ['3.1.3', '3.1.4'],
  doc: 'looprun',
  needs: ['listening', 'let-in'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage3.connectedClientsWhichSend(CLIENTS));
    const clients = [];
    while (clients.length < CLIENTS) clients.push(await lab.connect());
    await expectAccepted(lab, clients);
    await expectSleeping(lab, program);
    await lab.interrupt(program);
    lab.step(text.checks.stage3.connectedOneMore);
    await expectAccepted(lab, [...clients, await lab.connect()]);
    lab.expectAlive(program);
  },
};
