import type { Check } from '../../harness/check.ts';
import { ask, lineOf } from '../line.ts';
import { visit } from '../serving/goodbye.ts';
import { expectSocketsGone } from '../sockets.ts';

const VISITORS = 100;
/** The number of sockets may vary in a correct server; a leak leaves one for each connection. */
const TOLERANCE = 8;

export const sequence: Check = {
  id: 'sequence',
  title: `${VISITORS} clients, one after the other, each leave half a line: no other client gets it, and no socket stays open`,
  todos: ['3.2.2', '3.1.4'],
  doc: 'closeclient',
  hint: [
    'A hundred clients came and went. What is left of each: a descriptor, an entry of the map?',
    'Nothing may be left. close gives the descriptor back; shutdown does not. And the entry has to go before the number does, or the next client with this number begins with the half line of the old one.',
    ['  // delete the entry', '  // close the descriptor, once'].join('\n'),
  ],
  needs: ['line', 'leaves'],
  async run(harness) {
    const program = await harness.startServer();
    // Keeps a low descriptor in use, and sends again at the end.
    const companion = await harness.connect();
    await visit(harness, 'visitor 0');
    const before = program.socketCount();
    harness.step(`had ${VISITORS} clients come one after the other: a line, its answer, half a line, and gone`);
    for (let visitor = 1; visitor <= VISITORS; visitor += 1) await visit(harness, `visitor ${visitor}`);
    harness.step('exchanged a line with a client that was connected all the time');
    await ask(companion, lineOf(harness, 'client 1'));
    harness.expectAlive(program);
    harness.step("counted the server's open sockets");
    const expected = `as many open sockets as before the ${VISITORS} clients`;
    await expectSocketsGone(harness, program, before, { tolerance: TOLERANCE, expected });
  },
};
