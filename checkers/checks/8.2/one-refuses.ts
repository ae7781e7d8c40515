import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { exchange } from '../pair.ts';
import { connectInARow, type Placed, sharedOtherwise, startUpstreams, type Upstreams, vanish } from '../shares.ts';

const CLIENTS = 9;
/** Fewer than either of two upstreams gets when they share the clients. */
const NEXT = 3;

export const oneRefuses: Check = {
  id: 'one-refuses',
  title: `One of three upstreams is dead: ${CLIENTS} clients in a row are served by the others, for each value of BALANCE`,
  todos: ['8.2.4', '8.2.1', '8.2.2'],
  doc: 'handon',
  hint: [
    'The handshake with one upstream fails. Follow that client: which lines of yours run for it, and where does it end up?',
    'finishConnect notes the socket in refused, and loopRun calls handOn when the batch is over. There the attempt ends and the next one begins. The client is closed only if linkUpstream finds no other upstream.',
    '  refused -> handOn -> mark down, close the attempt -> linkUpstream',
  ],
  async run(harness) {
    const upstreams = await startUpstreams(harness, ['A', 'C']);
    harness.step('left out upstream B: its port refuses connections');
    const program = await harness.startProxy();
    await serveAll(harness, upstreams);
    harness.expectAlive(program);
    await program.kill();
    // The dead upstream has the fewest connections.
    const other = await harness.startProxy({ BALANCE: 'least-connections' });
    await goToFewest(harness, upstreams, await serveAll(harness, upstreams));
    harness.expectAlive(other);
  },
};

async function serveAll(harness: Harness, upstreams: Upstreams): Promise<Placed[]> {
  harness.step(`connected ${CLIENTS} clients, one after the other, and kept them all`);
  const placed = await connectInARow(harness, upstreams, CLIENTS);
  harness.step('exchanged a line each way with each of them');
  for (const pair of placed) await exchange(harness, pair, pair.client.name);
  return placed;
}

/** Among the other upstreams, the fewest connections decide as before. */
async function goToFewest(harness: Harness, upstreams: Upstreams, placed: Placed[]): Promise<void> {
  harness.step('had the clients of upstream A leave');
  await vanish(harness, ...placed.filter(({ at }) => at === 'A'));
  harness.step(`connected ${NEXT} more, one after the other`);
  const next = await connectInARow(harness, upstreams, NEXT);
  if (next.some(({ at }) => at !== 'A'))
    throw sharedOtherwise(next, 'all of them go to upstream A, which has the fewest connections');
}
