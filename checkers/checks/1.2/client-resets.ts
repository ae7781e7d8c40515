import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { ask, lineOf } from '../line.ts';
import { vanishInALine, vanishUnread } from '../serving/vanish.ts';

export const clientResets: Check = {
  id: 'client-resets',
  title: text.checks.stage1.clientResetsTitle,
  todos: ['1.1.3', '1.2.3'],
  doc: 'sendall',
  needs: ['line', 'next-client'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage1.connectedClientWhichReset);
    const first = await lab.connect();
    await ask(first, lineOf(lab, 'client 1'));
    await vanishInALine(first);
    lab.step(text.checks.stage1.hadLineNextClient);
    const second = await lab.connect();
    await ask(second, lineOf(lab, 'client 2'));
    second.close();
    lab.step(text.checks.stage1.connectedOneSentMb);
    await vanishUnread(lab);
    lab.step(text.checks.stage1.hadLineNextClient);
    await ask(await lab.connect(), lineOf(lab, 'client 4'));
    lab.expectAlive(program);
  },
};
