import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { SLOW_BUFFER } from '../bulk.ts';
import { exchange } from '../pair.ts';
import { connectAmong, startUpstreams, type Upstreams } from '../shares.ts';
import { expectSocketsGone } from '../sockets.ts';
import { vanishUnread } from '../unread.ts';

const CLIENTS = 30;
/** Rounds in which clients reset while bytes wait for them. */
const ROUNDS = 2;
/** With this value, nearly every client retries the failed upstream. */
const RETRY_MS = 1;
/** The number of sockets may vary in a correct proxy; a leak leaves one for each client. */
const TOLERANCE = 8;
/** How long the proxy may take to drop a client, in ms. */
const LET_GO_MS = 6000;

export const leftovers: Check = {
  id: 'leftovers',
  title: `${CLIENTS} clients with two of three upstreams dead, and ${CLIENTS} with none alive: nothing is left of them`,
  todos: ['8.2.4', '8.1.4'],
  doc: 'handon',
  hint: [
    'Look into /proc/PID/fd after a few clients, while one upstream is missing. How many sockets there are unused?',
    'Each failed attempt has a socket of its own, which has to be closed, and so has the client that no upstream took.',
    '  // handOn: closeUpstream, always; closeClient, if no upstream is left',
  ],
  needs: ['one-refuses', 'all-dead'],
  async run(harness) {
    const upstreams = await startUpstreams(harness, ['A']);
    const program = await harness.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    await visit(harness, upstreams, 0);
    await harness.settle(program);
    const before = program.socketCount();
    for (let round = 0; round < ROUNDS; round += 1)
      await vanishUnread(harness, program, (isSlow) =>
        connectAmong(harness, upstreams, isSlow ? SLOW_BUFFER : undefined),
      );
    harness.step(
      `connected ${CLIENTS} clients, one after the other, exchanged a line with each, and let one side leave`,
    );
    for (let visitor = 1; visitor <= CLIENTS; visitor += 1) await visit(harness, upstreams, visitor);
    harness.step(`had upstream A die, too, and connected ${CLIENTS} clients, all of which were closed`);
    upstreams.A?.die();
    for (let visitor = 1; visitor <= CLIENTS; visitor += 1) {
      const client = await harness.connect();
      await client.expectEnd('client-kept', 'when no upstream takes it', LET_GO_MS);
      client.close();
    }
    harness.expectAlive(program);
    await expectSocketsGone(harness, program, before, { tolerance: TOLERANCE });
  },
};

async function visit(harness: Harness, upstreams: Upstreams, visitor: number): Promise<void> {
  const pair = await connectAmong(harness, upstreams);
  await exchange(harness, pair, `visitor ${visitor}`);
  const [first, second] = visitor % 2 === 0 ? [pair.client, pair.upstream] : [pair.upstream, pair.client];
  first.close();
  await second.expectEnd(
    second === pair.client ? 'client-not-closed' : 'upstream-not-closed',
    'when the other side left',
  );
  second.close();
}
