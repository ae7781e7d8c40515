import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { ask, expectAnswer, lineOf } from '../line.ts';

export const patient: Check = {
  id: 'patient',
  title: text.checks.stage3.patientTitle,
  todos: ['3.2.1', '3.1.3'],
  doc: 'handleclient',
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage3.connectedOneClientSays);
    await lab.connect();
    const halfway = await lab.connect();
    const line = lineOf(lab, 'halfway', 14);
    await halfway.send(line.subarray(0, 6));
    lab.step(text.checks.stage3.connectedTwoMoreHad);
    const [third, fourth] = [await lab.connect(), await lab.connect()];
    for (const time of ['first', 'second']) {
      await ask(third, lineOf(lab, `client 3, ${time}`));
      await ask(fourth, lineOf(lab, `client 4, ${time}`));
    }
    lab.step(text.checks.stage3.sentOtherHalfLine);
    await halfway.send(line.subarray(6));
    await expectAnswer(halfway, line);
    lab.expectAlive(program);
  },
};
