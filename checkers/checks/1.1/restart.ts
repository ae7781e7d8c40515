import type { Check } from '../../check.ts';
import { expectAccepted } from '../serving/accepted.ts';

export const restart: Check = {
  id: 'restart',
  title: 'After a restart the port is free again at once',
  todos: ['1.1.1'],
  doc: 'createserver',
  needs: ['listening', 'let-in'],
  async run(lab) {
    const first = await lab.startServer();
    lab.step('connected one client');
    await expectAccepted(lab, [await lab.connect()]);
    // The kernel closes the dead program's sockets. It began the closing, so it keeps the port's connection in mind.
    lab.step('killed the server while the client was connected');
    await first.kill();
    const again = await lab.startServer();
    lab.step('connected another client');
    await expectAccepted(lab, [await lab.connect()]);
    lab.expectAlive(again);
  },
};
