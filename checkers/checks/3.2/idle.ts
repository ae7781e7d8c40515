import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine } from '../serving/vanish.ts';
import { expectSleeping } from '../sleeping.ts';

export const idle: Check = {
  id: 'idle',
  title: text.checks.stage3.idleTitle,
  todos: ['3.2.2', '3.2.1'],
  doc: 'closeclient',
  needs: ['line', 'leaves'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage3.hadFourClientsAsk);
    const [staying, leaving, closing, vanishing] = [
      await lab.connect(),
      await lab.connect(),
      await lab.connect(),
      await lab.connect(),
    ];
    for (const client of [staying, leaving, closing, vanishing]) await ask(client, lineOf(lab, client.name));
    leaving.finish();
    closing.close();
    await vanishInALine(vanishing);
    lab.step(text.checks.stage3.watchedHowBusyProgram);
    await expectSleeping(lab, program);
    await lab.interrupt(program);
    lab.step(text.checks.stage3.hadFirstAnswered);
    await ask(staying, lineOf(lab, 'client 1 again'));
    lab.expectAlive(program);
  },
};
