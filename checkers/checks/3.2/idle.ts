import type { Check } from '../../check.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine } from '../serving/vanish.ts';
import { expectSleeping } from '../sleeping.ts';

export const idle: Check = {
  id: 'idle',
  title: 'When some have left and the others say nothing, the server sleeps',
  todos: ['3.2.2', '3.2.1'],
  doc: 'closeclient',
  needs: ['line', 'leaves'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step('had four clients ask; one stayed, one left, one closed at once, one reset its connection');
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
    lab.step('watched how busy the program is');
    await expectSleeping(lab, program);
    lab.step('stopped it and let it go on a few times, and had a line of the first client answered');
    await lab.interrupt(program);
    await ask(staying, lineOf(lab, 'client 1 again'));
    lab.expectAlive(program);
  },
};
