import type { Check } from '../../harness/check.ts';
import { ask, lineOf } from '../line.ts';
import { leave } from '../serving/goodbye.ts';

export const nextClient: Check = {
  id: 'next-client',
  title: 'A client leaves in the middle of a line: its connection is closed, and the next client is served',
  todos: ['1.1.3', '1.2.1'],
  doc: 'handleclient',
  hint: [
    'A client has left in the middle of a line. What is left of it in your program when the next one comes?',
    'Its socket, if it was not closed, and its half line, if the buffer was not emptied. Both have to go before the next client is served. A client in the queue loses nothing meanwhile: the kernel keeps what it has sent.',
    [
      '  // at the beginning of each client: the buffer is empty',
      '  // at the end of each client: close, on every way out of the loop',
    ].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const program = await harness.startServer();
    const leaving = await harness.connect();
    harness.step('connected a client, and exchanged a line with it');
    await ask(leaving, lineOf(harness, 'client 1'));
    harness.step('connected a second one, which waits; the first sent half a line and left');
    const waiting = await harness.connect();
    await leaving.send(Buffer.from('half a line'));
    await leave(leaving, 'after it left');
    harness.step('sent two lines of the second client');
    await ask(waiting, lineOf(harness, 'client 2'));
    await ask(waiting, lineOf(harness, 'client 2 again'));
    await waiting.expectSilence(0);
    harness.step('did the same with a third client');
    await leave(waiting, 'after it left');
    await ask(await harness.connect(), lineOf(harness, 'client 3'));
    harness.expectAlive(program);
  },
};
