import type { Check } from '../../harness/check.ts';
import { exchange } from '../pair.ts';
import { connectInARow, type Placed, sharedOtherwise, startUpstreams } from '../shares.ts';

const CLIENTS = 9;

export const inTurn: Check = {
  id: 'in-turn',
  title: `${CLIENTS} clients, one after the other: any three in a row go to three different upstreams`,
  todos: ['8.1.1', '8.1.3'],
  doc: 'nextinturn',
  hint: [
    'Write down for each of nine clients which upstream it got. Where does the row repeat itself, and where should it?',
    'No upstream gets a second client before all have had one. So the turn has to move on with each client, over all the places of the list, the last one included, and back to the first one. And the port that you connect to is that of the upstream that was chosen.',
    '  // A B C A B C A B C\n  // the turn: 0 1 2 0 1 2 …',
  ],
  async run(harness) {
    const upstreams = await startUpstreams(harness);
    const program = await harness.startProxy();
    harness.step(`connected ${CLIENTS} clients, one after the other, and kept them all`);
    const placed = await connectInARow(harness, upstreams, CLIENTS);
    harness.step('exchanged a line each way with each of them');
    for (const pair of placed) await exchange(harness, pair, pair.client.name);
    if (!areInTurn(placed))
      throw sharedOtherwise(
        placed,
        'any three clients in a row go to three different upstreams: A, B and C, in some order',
      );
    harness.expectAlive(program);
  },
};

/** Whether each client goes to another upstream than the two clients before it. */
function areInTurn(placed: Placed[]): boolean {
  return placed.every(({ at }, place) => placed.slice(Math.max(0, place - 2), place).every((other) => other.at !== at));
}
