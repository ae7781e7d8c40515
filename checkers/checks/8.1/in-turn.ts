import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectInARow, type Placed, sharedOtherwise, startUpstreams } from '../shares.ts';

const CLIENTS = 9;

export const inTurn: Check = {
  id: 'in-turn',
  title: text.checks.stage8.inTurnTitle(CLIENTS),
  todos: ['8.1.1', '8.1.3'],
  doc: 'nextinturn',
  async run(lab) {
    const upstreams = await startUpstreams(lab);
    const program = await lab.startProxy();
    lab.step(text.checks.stage8.connectedInARow(CLIENTS));
    const placed = await connectInARow(lab, upstreams, CLIENTS);
    lab.step(text.checks.stage8.exchangedWithEach);
    for (const pair of placed) await exchange(lab, pair, pair.client.name);
    if (!areInTurn(placed)) throw sharedOtherwise(placed, text.checks.stage8.threeDifferent);
    lab.expectAlive(program);
  },
};

/** Whether each client goes to another upstream than the two clients before it. */
function areInTurn(placed: Placed[]): boolean {
  return placed.every(({ at }, place) => placed.slice(Math.max(0, place - 2), place).every((other) => other.at !== at));
}
