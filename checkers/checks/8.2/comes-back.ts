import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage8.comesBackTitle,
  todos: ['8.2.1', '8.2.3', '8.2.2'],
  doc: 'worthatry',
  needs: ['one-refuses'],
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step(text.checks.stage8.oneIsNotThere('B'));
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    lab.step(text.checks.stage8.connectedInARow(BEFORE));
    await connectInARow(lab, upstreams, BEFORE);
    lab.step(text.checks.stage8.oneStarted('B'));
    const all = { ...upstreams, ...(await startUpstreams(lab, ['B'])) };
    lab.step(text.checks.stage8.connectedUntilThere('B'));
    await comeUntilTried(lab, all);
    lab.step(text.checks.stage8.connectedAsManyAgain(AFTER));
    const placed = await connectInARow(lab, all, AFTER);
    if (placed.filter(({ at }) => at === 'B').length < LEAST) {
      throw sharedOtherwise(placed, text.checks.stage8.getsItsShare('B', LEAST));
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
    expected: text.checks.stage8.getsOneAgain('B', RETRY_MS),
    observed: text.checks.stage8.hasNoneYet('B', lab.waiting.seconds(AGAIN_MS), clients),
  });
}
