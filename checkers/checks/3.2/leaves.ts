import type { Check } from '../../check.ts';
import { ask, lineOf } from '../line.ts';
import { leave } from '../serving/goodbye.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const leaves: Check = {
  id: 'leaves',
  title: 'Clients leave, or break off (RST), in a line or before their answers: the others are served',
  todos: ['3.2.1', '3.2.2'],
  doc: 'closeclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    const [staying, leaving, vanishing] = [await lab.connect(), await lab.connect(), await lab.connect()];
    lab.step('connected three clients, and had a line of each answered');
    for (const client of [staying, leaving, vanishing]) await ask(client, lineOf(lab, client.name));
    lab.step('had the second leave in the middle of a line, and the third reset its connection in one');
    await leaving.send(Buffer.from('half a line'));
    await leave(leaving, 'after it left');
    await vanishInALine(vanishing);
    lab.step('had a line of the first client answered, then of a new one');
    await ask(staying, lineOf(lab, 'client 1 again'));
    await ask(await lab.connect(), lineOf(lab, 'client 4'));
    lab.step('connected one that sent 6 MB of lines, read no answer, and reset its connection');
    await vanishUnread(lab);
    lab.step('had a line of the first client answered, then of a new one');
    await ask(staying, lineOf(lab, 'client 1 once more'));
    await ask(await lab.connect(), lineOf(lab, 'client 6'));
    lab.expectAlive(program);
  },
};
