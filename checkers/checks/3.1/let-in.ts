import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectAccepted, expectAllOpen } from '../serving/accepted.ts';

/** No more than the shortest usual backlog holds. */
const CLIENTS = 5;
const QUIET_MS = 50;

export const letIn: Check = {
  id: 'let-in',
  title: text.checks.stage3.letInTitle(CLIENTS),
  todos: ['3.1.4', '3.1.3', '3.1.2'],
  doc: 'acceptconnection',
  needs: ['listening'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage3.connectedClientsAtOnce(CLIENTS));
    const clients = await lab.connectTogether(CLIENTS);
    await expectAccepted(lab, clients);
    await Promise.all([lab.quiet(QUIET_MS), lab.settle(program)]);
    expectAllOpen(clients);
  },
};
