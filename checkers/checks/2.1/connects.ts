import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import { startConnected } from '../asking/client.ts';

/** How long to wait for unexpected events, in ms. */
const QUIET_MS = 50;

export const connects: Check = {
  id: 'connects',
  title: 'The client connects to the server, once, and stays as long as its input is open',
  todos: ['2.1.1', '2.1.2'],
  doc: 'connectserver',
  hint: [
    'Which address and which port does your client connect to, and what does it wait for afterwards?',
    'The server is on this machine, 127.0.0.1, at the port that stands in PORT. One connection is enough for all lines. Then the client waits for its input: as long as that is open, it has no reason to end.',
    ['  // connect: once, before the first line', '  // then read from the standard input, which waits'].join('\n'),
  ],
  async run(harness) {
    const { server, program, peer } = await startConnected(harness);
    harness.step('typed nothing yet');
    await server.expectNoMoreThan(1, QUIET_MS, 'from one client');
    await peer.expectSilence(0);
    if (program.exit === undefined && peer.end === 'open') return;
    throw new CheckFailure({
      symptom: 'stopped',
      expected: 'the client stays as long as its input is open',
      observed: program.exit === undefined ? 'it closed its connection' : 'the program stopped',
    });
  },
};
