import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectInARow, counts, countsInWords, type Placed, sharedOtherwise, startUpstreams } from '../shares.ts';

/** Long enough for any machine. */
const RETRY_MS = 60_000;
/** Each upstream has had its turn. */
const BEFORE = 3;
const AFTER = 12;
/** Two are left, and each gets half of the clients, or nearly so. */
const LEAST = 5;

export const remembered: Check = {
  id: 'remembered',
  title: text.checks.stage8.rememberedTitle,
  todos: ['8.2.2', '8.2.1'],
  doc: 'markdown-and-markup',
  needs: ['one-refuses'],
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step(text.checks.stage8.oneIsNotThere('B'));
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    lab.step(text.checks.stage8.connectedInARow(BEFORE));
    await connectInARow(lab, upstreams, BEFORE);
    lab.step(text.checks.stage8.oneStarted('B'));
    const all = { ...upstreams, ...(await startUpstreams(lab, ['B'])) };
    lab.step(text.checks.stage8.connectedAsManyAgain(AFTER));
    const placed = await connectInARow(lab, all, AFTER);
    lab.expectAlive(program);
    if (placed.every(({ at }) => at !== 'B')) return expectEven(placed);
    throw new CheckFailure({
      symptom: 'tried-too-early',
      expected: text.checks.stage8.noneGoThere('B', RETRY_MS.toLocaleString('en-US')),
      observed: text.checks.stage8.haveAccepted(countsInWords(counts(all))),
    });
  },
};

/** The next upstream after the dead one must not get the clients of both. */
function expectEven(placed: Placed[]): void {
  const atA = placed.filter(({ at }) => at === 'A').length;
  if (Math.min(atA, AFTER - atA) >= LEAST) return;
  throw sharedOtherwise(placed, text.checks.stage8.othersShareAlike('A', 'C', LEAST));
}
