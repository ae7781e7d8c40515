import type { Check } from '../../check.ts';

/** How long an unwanted connection has to show up, in ms. It only lets more bugs slip when the machine is slow. */
const QUIET_MS = 50;

export const onConnect: Check = {
  id: 'on-connect',
  title: 'A client that connects gets one upstream connection, and nobody gets one before',
  todos: ['4.1.5', '4.1.6', '4.1.4'],
  doc: 'acceptconnection',
  needs: ['listening'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step('connected nobody yet');
    await upstream.expectNoMoreThan(0, QUIET_MS, 'before any client has connected');
    lab.expectAlive(program);
    lab.step('connected one client, which sends nothing');
    await lab.connect();
    await upstream.connection(1);
    await Promise.all([upstream.expectNoMoreThan(1, QUIET_MS, 'for one client'), lab.settle(program)]);
  },
};
