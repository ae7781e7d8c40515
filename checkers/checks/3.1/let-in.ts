import type { Check } from '../../harness/check.ts';
import { expectAccepted, expectAllOpen } from '../serving/accepted.ts';

/** No more than the shortest usual backlog holds. */
const CLIENTS = 5;
const QUIET_MS = 50;

export const letIn: Check = {
  id: 'let-in',
  title: `${CLIENTS} clients at once, which say nothing: all of them are accepted, and stay`,
  todos: ['3.1.4', '3.1.3', '3.1.2'],
  doc: 'acceptconnection',
  hint: [
    'Five clients connect at once. How often does your loop run, and what does it need in order to run once more?',
    'The listening socket has to be attached to the loop, and its event has to carry its own descriptor. epoll goes on reporting the listening socket as long as its queue has a client, so one accept for each event is enough, if the loop comes back to epoll_wait each time. Close no client that has not left.',
    [
      '  // for each event on the listening socket: one accept',
      '  // the new socket: into the loop, and left alone',
    ].join('\n'),
  ],
  needs: ['listening'],
  async run(harness) {
    const program = await harness.startServer();
    harness.step(`connected ${CLIENTS} clients at once, which send nothing and stay`);
    const clients = await harness.connectTogether(CLIENTS);
    await expectAccepted(harness, clients);
    await Promise.all([harness.quiet(QUIET_MS), harness.settle(program)]);
    expectAllOpen(clients);
  },
};
