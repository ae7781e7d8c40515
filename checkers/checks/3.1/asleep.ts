import type { Check } from '../../harness/check.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { expectSleeping } from '../sleeping.ts';

const CLIENTS = 3;

export const asleep: Check = {
  id: 'asleep',
  title: 'While its clients say nothing the server sleeps; it survives being stopped and continued',
  todos: ['3.1.3', '3.1.4'],
  doc: 'looprun',
  hint: [
    'What is the last argument of epoll_wait, and what does it return when a signal comes?',
    'It is the longest time to wait, in milliseconds: -1 means as long as it takes, 0 means not at all, and then the loop never sleeps. A signal ends the wait with -1 and EINTR, which is no failure.',
    ['  // -1, EINTR: wait again', '  // -1, anything else: die'].join('\n'),
  ],
  needs: ['listening', 'let-in'],
  async run(harness) {
    const program = await harness.startServer();
    harness.step(`connected ${CLIENTS} clients, which send nothing, and watched how busy the program is`);
    const clients = [];
    while (clients.length < CLIENTS) clients.push(await harness.connect());
    await expectAccepted(harness, clients);
    await expectSleeping(harness, program);
    await harness.interrupt(program);
    harness.step('connected one more client');
    await expectAccepted(harness, [...clients, await harness.connect()]);
    harness.expectAlive(program);
  },
};
