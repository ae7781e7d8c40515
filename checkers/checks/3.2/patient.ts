import type { Check } from '../../lab/check.ts';
import { ask, expectAnswer, lineOf } from '../line.ts';

export const patient: Check = {
  id: 'patient',
  title: 'A client that says nothing, and one in the middle of a line, do not delay the others',
  todos: ['3.2.1', '3.1.3'],
  doc: 'handleclient',
  hint: [
    'One client says nothing, another is in the middle of a line. Which call of yours waits for them?',
    'None may. Only epoll_wait waits, for all of them at once. handleClient receives once, keeps what there is, and returns. And each client has its own place for the beginning of its line: a shared one would mix them.',
    ['  // one event -> one recv -> back to the loop', '  // never: a loop around recv until a line is whole'].join(
      '\n',
    ),
  ],
  needs: ['line'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step('connected one client that says nothing, and one that sent half a line');
    await lab.connect();
    const halfway = await lab.connect();
    const line = lineOf(lab, 'halfway', 14);
    await halfway.send(line.subarray(0, 6));
    lab.step('connected two more, and exchanged a line with each, twice');
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
