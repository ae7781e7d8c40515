import type { Check } from '../../harness/check.ts';
import { expectAccepted } from '../serving/accepted.ts';

export const restart: Check = {
  id: 'restart',
  title: 'After a restart the port is free again at once',
  todos: ['1.1.1'],
  doc: 'createserver',
  hint: [
    'The server was killed while a client was connected, and was started again at once. What, if not a program, may still hold the port?',
    'The kernel remembers a closed connection for a minute, and with it the port. SO_REUSEADDR lets bind ignore that. It changes what bind does, so it has to be set before. And if bind fails, the program has to say so.',
    [
      '  // socket',
      '  // the option, on this very socket, with the value 1',
      '  // only then bind, and a test for -1',
    ].join('\n'),
  ],
  needs: ['listening', 'let-in'],
  async run(harness) {
    const first = await harness.startServer();
    harness.step('connected one client');
    await expectAccepted(harness, [await harness.connect()]);
    // The kernel closes the dead program's sockets first, so the port's connection stays in TIME_WAIT.
    harness.step('killed the server while the client was connected');
    await first.kill();
    const again = await harness.startServer();
    harness.step('connected another client');
    await expectAccepted(harness, [await harness.connect()]);
    harness.expectAlive(again);
  },
};
