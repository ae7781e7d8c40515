import type { Check } from '../../harness/check.ts';
import { ask, lineOf } from '../line.ts';
import { leave } from '../serving/goodbye.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const leaves: Check = {
  id: 'leaves',
  title: 'Clients leave, or break off (RST), in a line or before their answers: the others are served',
  todos: ['3.2.1', '3.2.2'],
  doc: 'closeclient',
  hint: [
    'A client leaves in the middle of a line; another breaks off before it has read its answers. Which call tells you in each case, and which other clients are affected?',
    'recv says 0 or -1, send says -1. In each case one client is over: forget its line, close its socket, return to the loop. No other client has to notice. A socket that ended and stays in the loop is reported for ever.',
    ['  // 0, -1 or a send that failed -> closeClient -> return', '  // never: die, for what concerns one client'].join(
      '\n',
    ),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    const [staying, leaving, vanishing] = [await harness.connect(), await harness.connect(), await harness.connect()];
    harness.step('connected three clients, and exchanged a line with each');
    for (const client of [staying, leaving, vanishing]) await ask(client, lineOf(harness, client.name));
    harness.step('had the second leave in the middle of a line, and the third reset its connection in one');
    await leaving.send(Buffer.from('half a line'));
    await leave(leaving, 'after it left');
    await vanishInALine(vanishing);
    harness.step('exchanged a line with the first client, then with a new one');
    await ask(staying, lineOf(harness, 'client 1 again'));
    await ask(await harness.connect(), lineOf(harness, 'client 4'));
    harness.step('connected one that sent 6 MB of lines, read no answer, and reset its connection');
    await vanishUnread(harness);
    harness.step('exchanged a line with the first client, then with a new one');
    await ask(staying, lineOf(harness, 'client 1 once more'));
    await ask(await harness.connect(), lineOf(harness, 'client 6'));
    harness.expectAlive(program);
  },
};
