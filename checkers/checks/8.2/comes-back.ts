import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { exchange } from '../pair.ts';
import { connectAmong, connectInARow, counts, sharedOtherwise, startWithLateB, type Upstreams } from '../shares.ts';

const RETRY_MS = 600;
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
  async run(harness) {
    const { program, all } = await startWithLateB(harness, RETRY_MS);
    harness.step('connected one client after the other, until upstream B got one');
    await comeUntilTried(harness, all);
    harness.step(`connected ${AFTER} more, one after the other`);
    const placed = await connectInARow(harness, all, AFTER);
    if (placed.filter(({ at }) => at === 'B').length < LEAST) {
      throw sharedOtherwise(placed, `upstream B, which is back, gets its share of these clients, at least ${LEAST}`);
    }
    for (const pair of placed) await exchange(harness, pair, pair.client.name);
    harness.expectAlive(program);
  },
};

async function comeUntilTried(harness: Harness, upstreams: Upstreams): Promise<void> {
  const deadline = performance.now() + AGAIN_MS * harness.waiting.patience;
  let clients = 0;
  while (counts(upstreams)[1] === 0 && performance.now() < deadline) {
    await connectAmong(harness, upstreams);
    clients += 1;
    await harness.quiet(COME_MS);
  }
  if (counts(upstreams)[1] !== 0) return;
  throw new CheckFailure({
    symptom: 'not-tried-again',
    expected: `upstream B, which is back, is tried again ${RETRY_MS} ms after it failed`,
    observed: `${clients} clients came within ${harness.waiting.seconds(AGAIN_MS)}, and none of them went to upstream B`,
  });
}
