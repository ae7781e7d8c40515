import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { startConnected } from '../asking/client.ts';

/** How long to wait for unexpected events, in ms. */
const QUIET_MS = 50;

export const connects: Check = {
  id: 'connects',
  title: text.checks.stage2.connectsTitle,
  todos: ['2.1.1', '2.1.2'],
  doc: 'connectserver',
  async run(lab) {
    const { server, program, peer } = await startConnected(lab);
    lab.step(text.checks.stage2.typedNothingYet);
    await server.expectNoMoreThan(1, QUIET_MS, text.checks.stage2.fromOneClient);
    await peer.expectSilence(0);
    if (program.exit === undefined && peer.end === 'open') return;
    throw new CheckFailure({
      symptom: 'stopped',
      expected: text.checks.stage2.clientStaysAsLong,
      observed: program.exit === undefined ? text.checks.stage2.closedConnection : text.checks.stage2.programStopped,
    });
  },
};
