/** Counts what a program keeps open after connections have ended. */
import { CheckFailure } from '../contract/check.ts';
import type { Harness } from '../harness/harness.ts';
import type { Program } from '../harness/program.ts';

/** How long sockets may take to be closed, and how often to look, in ms. */
const SETTLE_MS = 3000;
const LOOK_MS = 20;

/** How to count, and what to compare with. */
interface Count {
  /** how many may be more: the number varies in a correct program, while a leak leaves one for each connection */
  tolerance?: number;
  /** what `before` was counted at, as the report says it */
  expected?: string;
  /** what is counted, and how; the program's sockets unless said otherwise */
  noun?: string;
  count?: () => number | undefined;
}

/**
 * Waits until the program has no more sockets open than before.
 *
 * @param before the number at that time; undefined: this system does not tell, and nothing is compared
 * @throws CheckFailure when more stay open
 */
export async function expectSocketsGone(
  harness: Harness,
  program: Program,
  before: number | undefined,
  {
    tolerance = 0,
    expected = 'as many sockets are open as before',
    noun = 'sockets',
    count = () => program.socketCount(),
  }: Count = {},
): Promise<void> {
  if (before === undefined) return;
  const deadline = performance.now() + SETTLE_MS * Math.max(1, harness.waiting.patience);
  let now = count() ?? 0;
  while (now > before + tolerance && performance.now() < deadline) {
    await harness.quiet(LOOK_MS);
    harness.expectAlive(program);
    now = count() ?? 0;
  }
  if (now <= before + tolerance) return;
  throw new CheckFailure({
    symptom: 'sockets-left',
    expected: `${expected}: ${before}`,
    observed: `${now} ${noun} are open`,
  });
}
