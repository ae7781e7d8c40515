import type { Check } from '../../check.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const clientResets: Check = {
  id: 'client-resets',
  title: 'A client breaks its connection off (RST), in a line or before its answers: the next one is served',
  todos: ['1.1.3', '1.2.3'],
  doc: 'sendall',
  needs: ['line', 'next-client'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step('connected a client, which reset its connection in the middle of a line');
    const first = await lab.connect();
    await ask(first, lineOf(lab, 'client 1'));
    await vanishInALine(first);
    lab.step('had a line of the next client answered');
    const second = await lab.connect();
    await ask(second, lineOf(lab, 'client 2'));
    second.close();
    lab.step('connected one that sent 6 MB of lines, read no answer, and reset its connection');
    await vanishUnread(lab);
    lab.step('had a line of the next client answered');
    await ask(await lab.connect(), lineOf(lab, 'client 4'));
    lab.expectAlive(program);
  },
};
