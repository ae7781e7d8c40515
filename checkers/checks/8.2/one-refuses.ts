import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectInARow, type Placed, sharedOtherwise, startUpstreams, type Upstreams, vanish } from '../shares.ts';

const CLIENTS = 9;
/** Fewer than either of two upstreams gets when they share the clients. */
const NEXT = 3;

export const oneRefuses: Check = {
  id: 'one-refuses',
  title: text.checks.stage8.oneRefusesTitle(CLIENTS),
  todos: ['8.2.4', '8.2.1', '8.2.2'],
  doc: 'handon',
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step(text.checks.stage8.oneIsNotThere('B'));
    const program = await lab.startProxy();
    await serveAll(lab, upstreams);
    lab.expectAlive(program);
    await program.kill();
    // The dead upstream has the fewest connections.
    const other = await lab.startProxy({ BALANCE: 'least-connections' });
    await goToFewest(lab, upstreams, await serveAll(lab, upstreams));
    lab.expectAlive(other);
  },
};

async function serveAll(lab: Lab, upstreams: Upstreams): Promise<Placed[]> {
  lab.step(text.checks.stage8.connectedInARow(CLIENTS));
  const placed = await connectInARow(lab, upstreams, CLIENTS);
  lab.step(text.checks.stage8.exchangedWithEach);
  for (const pair of placed) await exchange(lab, pair, pair.client.name);
  return placed;
}

/** Among the other upstreams, the fewest connections decide as before. */
async function goToFewest(lab: Lab, upstreams: Upstreams, placed: Placed[]): Promise<void> {
  lab.step(text.checks.stage8.clientsOfOneLeft('A'));
  await vanish(lab, ...placed.filter(({ at }) => at === 'A'));
  lab.step(text.checks.stage8.connectedAsManyAgain(NEXT));
  const next = await connectInARow(lab, upstreams, NEXT);
  if (next.some(({ at }) => at !== 'A')) throw sharedOtherwise(next, text.checks.stage8.allGoTo('A'));
}
