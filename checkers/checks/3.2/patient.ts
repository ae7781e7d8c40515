import type { Check } from '../../check.ts';
import { ask, expectAnswer, lineOf } from '../line.ts';

export const patient: Check = {
  id: 'patient',
  title: 'A client that says nothing, and one in the middle of a line, keep nobody waiting',
  todos: ['3.2.1', '3.1.3'],
  doc: 'handleclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step('connected one client that says nothing, and one that sent half a line');
    await lab.connect();
    const halfway = await lab.connect();
    const line = lineOf(lab, 'halfway', 14);
    await halfway.send(line.subarray(0, 6));
    lab.step('connected two more, and had a line of each answered, twice');
    const [third, fourth] = [await lab.connect(), await lab.connect()];
    for (const time of ['first', 'second']) {
      await ask(third, lineOf(lab, `client 3, ${time}`));
      await ask(fourth, lineOf(lab, `client 4, ${time}`));
    }
    lab.step('sent the other half of the line');
    await halfway.send(line.subarray(6));
    await expectAnswer(halfway, line);
    lab.expectAlive(program);
  },
};
