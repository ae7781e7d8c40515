import type { Check } from '../../harness/check.ts';
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
  async run(harness) {
    const program = await harness.startServer();
    harness.step('connected one client that says nothing, and one that sent half a line');
    await harness.connect();
    const halfway = await harness.connect();
    const line = lineOf(harness, 'halfway', 14);
    await halfway.send(line.subarray(0, 6));
    harness.step('connected two more, and exchanged a line with each, twice');
    const [third, fourth] = [await harness.connect(), await harness.connect()];
    for (const time of ['first', 'second']) {
      await ask(third, lineOf(harness, `client 3, ${time}`));
      await ask(fourth, lineOf(harness, `client 4, ${time}`));
    }
    harness.step('sent the other half of the line');
    await halfway.send(line.subarray(6));
    await expectAnswer(halfway, line);
    harness.expectAlive(program);
  },
};
