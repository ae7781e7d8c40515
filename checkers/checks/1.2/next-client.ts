import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { ask, lineOf } from '../line.ts';
import { leave } from '../serving/goodbye.ts';

export const nextClient: Check = {
  id: 'next-client',
  title: text.checks.stage1.nextClientTitle,
  todos: ['1.1.3', '1.2.1'],
  doc: 'handleclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    const leaving = await lab.connect();
    lab.step(text.checks.stage1.connectedClientHadLine);
    await ask(leaving, lineOf(lab, 'client 1'));
    lab.step(text.checks.stage1.connectedSecondOneWhich);
    const waiting = await lab.connect();
    await leaving.send(Buffer.from('half a line'));
    await leave(leaving, text.checks.stage1.afterLeft);
    lab.step(text.checks.stage1.sentTwoLinesSecond);
    await ask(waiting, lineOf(lab, 'client 2'));
    await ask(waiting, lineOf(lab, 'client 2 again'));
    await waiting.expectSilence(0);
    lab.step(text.checks.stage1.didSameThirdClient);
    await leave(waiting, text.checks.stage1.afterLeft);
    await ask(await lab.connect(), lineOf(lab, 'client 3'));
    lab.expectAlive(program);
  },
};
