import type { Check } from '../../check.ts';
import { expectAccepted } from '../serving/accepted.ts';
import { expectSleeping } from '../sleeping.ts';

const CLIENTS = 3;

export const asleep: Check = {
  id: 'asleep',
  title: 'While its clients say nothing the server sleeps; stopping it and letting it go on does not end it',
  todos: ['3.1.3', '3.1.4'],
  doc: 'looprun',
  needs: ['listening', 'let-in'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(`connected ${CLIENTS} clients, which send nothing, and watched how busy the program is`);
    const clients = [];
    while (clients.length < CLIENTS) clients.push(await lab.connect());
    await expectAccepted(lab, clients);
    await expectSleeping(lab, program);
    lab.step('stopped it and let it go on a few times, as Ctrl-Z and fg do, and connected one client more');
    await lab.interrupt(program);
    await expectAccepted(lab, [...clients, await lab.connect()]);
    lab.expectAlive(program);
  },
};
