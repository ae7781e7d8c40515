import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { SLOW_BUFFER } from '../bulk.ts';
import { exchange } from '../pair.ts';
import { connectAmong, startUpstreams, type Upstreams } from '../shares.ts';
import { vanishUnread } from '../unread.ts';

const CLIENTS = 30;
/** Rounds in which clients reset while bytes wait for them. */
const ROUNDS = 2;
/** With this value, nearly every client retries the failed upstream. */
const RETRY_MS = 1;
/** The number of sockets may vary in a correct proxy; a leak leaves one for each client. */
const TOLERANCE = 8;
/** How long the proxy may take to close its sockets, and to drop a client, in ms. */
const SETTLE_MS = 3000;
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
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A']);
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    await visit(lab, upstreams, 0);
    await lab.settle(program);
    const before = program.socketCount();
    for (let round = 0; round < ROUNDS; round += 1)
      await vanishUnread(lab, program, (isSlow) => connectAmong(lab, upstreams, isSlow ? SLOW_BUFFER : undefined));
    lab.step(`connected ${CLIENTS} clients, one after the other, exchanged a line with each, and let one side leave`);
    for (let visitor = 1; visitor <= CLIENTS; visitor += 1) await visit(lab, upstreams, visitor);
    lab.step(`had upstream A die, too, and connected ${CLIENTS} clients, all of which were closed`);
    upstreams.A?.die();
    for (let visitor = 1; visitor <= CLIENTS; visitor += 1) {
      const client = await lab.connect();
      await client.expectEnd('client-kept', 'when no upstream takes it', LET_GO_MS);
      client.close();
    }
    lab.expectAlive(program);
    if (before !== undefined) await expectNoSocketsLeft(lab, program, before);
  },
};

async function visit(lab: Lab, upstreams: Upstreams, visitor: number): Promise<void> {
  const pair = await connectAmong(lab, upstreams);
  await exchange(lab, pair, `visitor ${visitor}`);
  const [first, second] = visitor % 2 === 0 ? [pair.client, pair.upstream] : [pair.upstream, pair.client];
  first.close();
  await second.expectEnd(
    second === pair.client ? 'client-not-closed' : 'upstream-not-closed',
    'when the other side left',
  );
  second.close();
}

async function expectNoSocketsLeft(lab: Lab, program: Program, before: number): Promise<void> {
  const deadline = performance.now() + SETTLE_MS * lab.waiting.patience;
  let now = program.socketCount() ?? 0;
  while (now > before + TOLERANCE && performance.now() < deadline) {
    await lab.quiet(50);
    now = program.socketCount() ?? 0;
  }
  if (now <= before + TOLERANCE) return;
  throw new CheckFailure({
    symptom: 'sockets-left',
    expected: `as many sockets are open as before: ${before}`,
    observed: `${now} are open`,
  });
}
