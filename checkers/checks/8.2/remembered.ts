import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import { connectInARow, counts, countsInWords, type Placed, sharedOtherwise, startWithLateB } from '../shares.ts';

/** Long enough for any machine. */
const RETRY_MS = 60_000;
const AFTER = 12;
/** Two are left, and each gets half of the clients, or nearly so. */
const LEAST = 5;

export const remembered: Check = {
  id: 'remembered',
  title: 'An upstream that failed is passed over as long as RETRY_AFTER_MS says',
  todos: ['8.2.2', '8.2.1'],
  doc: 'markdown-and-markup',
  hint: [
    'An upstream has failed a moment ago. A client comes, and it is the turn of that upstream. What tells you not to try it?',
    'retryAt does: a moment in the future. worthATry leaves out such an upstream, as long as another one is left.',
    '  // markDown writes retryAt, worthATry reads it',
  ],
  needs: ['one-refuses'],
  async run(harness) {
    const { program, all } = await startWithLateB(harness, RETRY_MS);
    harness.step(`connected ${AFTER} more, one after the other`);
    const placed = await connectInARow(harness, all, AFTER);
    harness.expectAlive(program);
    if (placed.every(({ at }) => at !== 'B')) return expectEven(placed);
    throw new CheckFailure({
      symptom: 'tried-too-early',
      expected: `none of them goes to upstream B: it has failed less than ${RETRY_MS.toLocaleString('en-US')} ms ago`,
      observed: `they have accepted ${countsInWords(counts(all))}`,
    });
  },
};

/** The next upstream after the dead one must not get the clients of both. */
function expectEven(placed: Placed[]): void {
  const atA = placed.filter(({ at }) => at === 'A').length;
  if (Math.min(atA, AFTER - atA) >= LEAST) return;
  throw sharedOtherwise(placed, `upstreams A and C share these clients in turns: at least ${LEAST} go to each`);
}
