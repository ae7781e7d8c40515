import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectAccepted } from '../serving/accepted.ts';

export const restart: Check = {
  id: 'restart',
  title: text.checks.stage1.restartTitle,
  todos: ['1.1.1'],
  doc: 'createserver',
  needs: ['listening', 'let-in'],
  async run(lab) {
    const first = await lab.startServer();
    lab.step(text.checks.stage1.connectedOneClient);
    await expectAccepted(lab, [await lab.connect()]);
    // The kernel closes the dead program's sockets first, so the port's connection stays in TIME_WAIT.
    lab.step(text.checks.stage1.killedServerWhileClient);
    await first.kill();
    const again = await lab.startServer();
    lab.step(text.checks.stage1.connectedAnotherClient);
    await expectAccepted(lab, [await lab.connect()]);
    lab.expectAlive(again);
  },
};
