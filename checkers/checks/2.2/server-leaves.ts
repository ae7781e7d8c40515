import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { expectExit, expectLastWords, expectPrinted, serve, startAnother, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

/** A client that waits on both sides at once notices within this time, in ms. */
const NOTICE_MS = 50;

export const serverLeaves: Check = {
  id: 'server-leaves',
  title: 'The server closes, or breaks off (RST), before it has answered: the client says so and ends',
  todos: ['2.2.2', '2.2.1'],
  doc: 'receiveanswer',
  hint: [
    'You wait for an answer, and recv says 0, or -1. What can still come?',
    'Nothing. Say so on the standard error, and end with an exit code that is not 0, since not all lines were answered. What had been answered before is printed already. The same goes for a send that answers -1.',
    ['  if (/* it could not be sent, or the answer did not come */) {', '    // a sentence; exit code 1', '  }'].join(
      '\n',
    ),
  ],
  needs: ['line'],
  async run(harness) {
    const { server, ...first } = await startConnected(harness);
    const [answered, due] = [lineOf(harness, 'answered'), lineOf(harness, 'never answered')];
    harness.step('typed two lines; the server answered the first, and closed its connection');
    await first.terminal.send(Buffer.concat([answered, due]));
    await serve(first.peer, answered);
    await first.peer.expect(due, { due: 'the line as it was typed' });
    first.peer.close();
    const when = 'when the server ends the connection with an answer due';
    await expectExit(harness, first.program, when, 'failure');
    await expectLastWords(harness, first.program, when);
    await expectPrinted(first.terminal, answered);
    await breakOff(harness, server);
    await closeInBetween(harness, server);
  },
};

async function breakOff(harness: Harness, server: Upstream): Promise<void> {
  const { program, terminal, peer } = await startAnother(harness, server);
  const line = lineOf(harness, 'reset');
  harness.step('typed a line; the server reset the connection');
  await terminal.send(line);
  await peer.expect(line, { due: 'the line as it was typed' });
  peer.reset();
  const when = 'when the server breaks the connection off with an answer due';
  await expectExit(harness, program, when, 'failure');
  await expectLastWords(harness, program, when);
}

/** A client that blocks on its input may not notice this before it gets another line. */
async function closeInBetween(harness: Harness, server: Upstream): Promise<void> {
  const { program, terminal, peer } = await startAnother(harness, server);
  const [answered, late] = [lineOf(harness, 'answered too'), lineOf(harness, 'too late')];
  harness.step('typed a line, which was answered; then the server closed its connection');
  await terminal.send(answered);
  await serve(peer, answered);
  peer.close();
  await harness.waiting.until(() => program.exit !== undefined, NOTICE_MS, true);
  harness.step('typed another line');
  await terminal.send(late);
  await expectExit(harness, program, 'when the server has ended the connection', 'any');
  await expectPrinted(terminal, answered);
  await terminal.expectSilence(0);
}
