import type { Check } from '../../check.ts';

export const restart: Check = {
  id: 'restart',
  title: 'After a restart the port is free again at once',
  todos: ['4.1.1'],
  doc: 'createserver',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const first = await lab.startProxy();
    lab.step('connected one client');
    await lab.connect();
    await upstream.connection(1);
    // The kernel closes the dead program's sockets. It began the closing, so it keeps the port's connection in mind.
    lab.step('killed the proxy while the client was connected');
    await first.kill();
    const again = await lab.startProxy();
    lab.step('connected another client');
    await lab.connect();
    await upstream.connection(2);
    lab.expectAlive(again);
  },
};
