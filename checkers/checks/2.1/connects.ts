import { type Check, CheckFailure } from '../../check.ts';
import { startConnected } from '../asking/client.ts';

/** How long something unwanted has to show up, in ms. */
const QUIET_MS = 50;

export const connects: Check = {
  id: 'connects',
  title: 'The client connects to the server, once, and stays as long as its input is open',
  todos: ['2.1.1', '2.1.2'],
  doc: 'connectserver',
  async run(lab) {
    const { server, program, peer } = await startConnected(lab);
    lab.step('typed nothing yet');
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
