import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { exchange } from '../pair.ts';
import { connectAmong, connectInARow, counts, sharedOtherwise, startUpstreams, type Upstreams } from '../shares.ts';

const RETRY_MS = 600;
/** Each upstream has had its turn. */
const BEFORE = 3;
const AFTER = 12;
/** A proxy may give a recovered upstream less than its share, which is a third. */
const LEAST = 2;
/** How long the proxy may take to try the upstream again, and the time between two clients; both in ms. */
const AGAIN_MS = 6000;
const COME_MS = 40;

export const comesBack: Check = {
  id: 'comes-back',
  title: 'An upstream that is back gets its share again when RETRY_AFTER_MS is over, and no client is lost',
  todos: ['8.2.1', '8.2.3', '8.2.2'],
  doc: 'worthatry',
  hint: [
    'How does your proxy find out that an upstream is back, when it does not ask any upstream how it is?',
    'The next client whose turn it is tries it, once retryAt is over. If that works, the mark has to go, so that the upstream gets its share again, and not one client now and then. Is the moment in milliseconds, and does it ever come?',
    '  // retryAt in the future: passed over; in the past: tried; 0: up',
  ],
  needs: ['one-refuses'],
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step('left out upstream B: its port refuses connections');
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    lab.step(`connected ${BEFORE} clients, one after the other, and kept them all`);
    await connectInARow(lab, upstreams, BEFORE);
    lab.step('started upstream B');
    const all = { ...upstreams, ...(await startUpstreams(lab, ['B'])) };
    lab.step('connected one client after the other, until upstream B got one');
    await comeUntilTried(lab, all);
    lab.step(`connected ${AFTER} more, one after the other`);
    const placed = await connectInARow(lab, all, AFTER);
    if (placed.filter(({ at }) => at === 'B').length < LEAST) {
      throw sharedOtherwise(placed, `upstream B, which is back, gets its share of these clients, at least ${LEAST}`);
    }
    for (const pair of placed) await exchange(lab, pair, pair.client.name);
    lab.expectAlive(program);
  },
};

async function comeUntilTried(lab: Lab, upstreams: Upstreams): Promise<void> {
  const deadline = performance.now() + AGAIN_MS * lab.waiting.patience;
  let clients = 0;
  while (counts(upstreams)[1] === 0 && performance.now() < deadline) {
    await connectAmong(lab, upstreams);
    clients += 1;
    await lab.quiet(COME_MS);
  }
  if (counts(upstreams)[1] !== 0) return;
  throw new CheckFailure({
    symptom: 'not-tried-again',
    expected: `upstream B, which is back, is tried again ${RETRY_MS} ms after it failed`,
    observed: `${clients} clients came within ${lab.waiting.seconds(AGAIN_MS)}, and none of them went to upstream B`,
  });
}
