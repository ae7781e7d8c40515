import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

export const restart: Check = {
  id: 'restart',
  title: text.checks.stage4.restartTitle,
  todos: ['4.1.1'],
  doc: 'createserver',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const first = await lab.startProxy();
    lab.step(text.checks.stage4.connectedOneClient);
    await lab.connect();
    await upstream.connection(1);
    // The kernel closes the dead program's sockets first, so the port's connection stays in TIME_WAIT.
    lab.step(text.checks.stage4.killedProxyWhileClient);
    await first.kill();
    const again = await lab.startProxy();
    lab.step(text.checks.stage4.connectedAnotherClient);
    await lab.connect();
    await upstream.connection(2);
    lab.expectAlive(again);
  },
};
