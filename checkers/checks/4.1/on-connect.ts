import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

/** How long to wait for an unexpected connection, in ms. A slow machine may miss a bug here, but fails no correct proxy. */
const QUIET_MS = 50;

export const onConnect: Check = {
  id: 'on-connect',
  title: text.checks.stage4.onConnectTitle,
  todos: ['4.1.5', '4.1.6', '4.1.4'],
  doc: 'acceptconnection',
  needs: ['listening'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage4.connectedNobodyYet);
    await upstream.expectNoMoreThan(0, QUIET_MS, text.checks.stage4.beforeAnyClientConnected);
    lab.expectAlive(program);
    lab.step(text.checks.stage4.connectedOneClientWhich);
    await lab.connect();
    await upstream.connection(1);
    await Promise.all([upstream.expectNoMoreThan(1, QUIET_MS, text.checks.stage4.oneClient), lab.settle(program)]);
  },
};
