import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { ask, lineOf } from '../line.ts';
import { leave } from '../serving/goodbye.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const leaves: Check = {
  id: 'leaves',
  title: text.checks.stage3.leavesTitle,
  todos: ['3.2.1', '3.2.2'],
  doc: 'closeclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    const [staying, leaving, vanishing] = [await lab.connect(), await lab.connect(), await lab.connect()];
    lab.step(text.checks.stage3.connectedThreeClientsHad);
    for (const client of [staying, leaving, vanishing]) await ask(client, lineOf(lab, client.name));
    lab.step(text.checks.stage3.hadSecondLeaveMiddle);
    await leaving.send(Buffer.from('half a line'));
    await leave(leaving, text.checks.stage3.afterLeft);
    await vanishInALine(vanishing);
    lab.step(text.checks.stage3.hadLineFirstClient);
    await ask(staying, lineOf(lab, 'client 1 again'));
    await ask(await lab.connect(), lineOf(lab, 'client 4'));
    lab.step(text.checks.stage3.connectedOneSentMb);
    await vanishUnread(lab);
    lab.step(text.checks.stage3.hadLineFirstClient);
    await ask(staying, lineOf(lab, 'client 1 once more'));
    await ask(await lab.connect(), lineOf(lab, 'client 6'));
    lab.expectAlive(program);
  },
};
