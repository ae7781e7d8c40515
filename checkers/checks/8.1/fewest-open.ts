import type { Check } from '../../check.ts';
import type { Letter } from '../../lab/lab.ts';
import { text } from '../../messages/index.ts';
import { connectInARow, sharedOtherwise, startUpstreams, vanish } from '../shares.ts';

const CLIENTS = 9;
const LEAVE: Letter = 'B';

export const fewestOpen: Check = {
  id: 'fewest-open',
  title: text.checks.stage8.fewestOpenTitle,
  todos: ['8.1.2', '8.1.4', '8.1.3'],
  doc: 'withfewest',
  needs: ['in-turn'],
  async run(lab) {
    const upstreams = await startUpstreams(lab);
    const program = await lab.startProxy({ BALANCE: 'least-connections' });
    lab.step(text.checks.stage8.connectedInARow(CLIENTS));
    const placed = await connectInARow(lab, upstreams, CLIENTS);
    const leaving = placed.filter(({ at }) => at === LEAVE);
    if (leaving.length !== CLIENTS / 3) throw sharedOtherwise(placed, text.checks.stage8.eachHasAccepted(CLIENTS / 3));
    lab.step(text.checks.stage8.clientsOfOneLeft(LEAVE));
    for (const pair of leaving) await vanish(lab, pair);
    lab.step(text.checks.stage8.connectedAsManyAgain(leaving.length));
    const next = await connectInARow(lab, upstreams, leaving.length);
    if (next.some(({ at }) => at !== LEAVE)) throw sharedOtherwise(next, text.checks.stage8.allGoTo(LEAVE));
    lab.expectAlive(program);
  },
};
