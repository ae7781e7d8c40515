import type { Check } from '../../harness/check.ts';

export const restart: Check = {
  id: 'restart',
  title: 'After a restart the port is free again at once',
  todos: ['4.1.1'],
  doc: 'createserver',
  hint: [
    'The proxy was killed while a client was connected, and was started again at once. What, if not a program, may still hold the port?',
    'The kernel remembers a closed connection for a minute, and with it the port. SO_REUSEADDR lets bind ignore that. It changes what bind does, so it has to be set before. And if bind fails, the program has to say so: a proxy without a port looks like one without clients.',
    [
      '  // socket',
      '  // the option, on this very socket, with the value 1',
      '  // only then bind, and a test for -1',
    ].join('\n'),
  ],
  needs: ['listening', 'on-connect'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const first = await harness.startProxy();
    harness.step('connected one client');
    await harness.connect();
    await upstream.connection(1);
    // The kernel closes the dead program's sockets first, so the port's connection stays in TIME_WAIT.
    harness.step('killed the proxy while the client was connected');
    await first.kill();
    const again = await harness.startProxy();
    harness.step('connected another client');
    await harness.connect();
    await upstream.connection(2);
    harness.expectAlive(again);
  },
};
