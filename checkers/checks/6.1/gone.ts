import { CheckFailure } from '../../contract/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Program } from '../../harness/program.ts';

/** How long a socket may take to be closed, and how often to look, in ms. */
const GONE_MS = 3000;
const LOOK_MS = 20;

/**
 * Makes sure that all sockets of pairs that are over are closed.
 *
 * @param most the number of sockets that the program had before
 * @throws CheckFailure when more stay open
 */
export async function expectSocketsGone(harness: Harness, program: Program, most: number): Promise<void> {
  const deadline = performance.now() + GONE_MS * Math.max(1, harness.waiting.patience);
  let count = program.socketCount() ?? 0;
  while (count > most && performance.now() < deadline) {
    await harness.quiet(LOOK_MS);
    harness.expectAlive(program);
    count = program.socketCount() ?? 0;
  }
  if (count <= most) return;
  throw new CheckFailure({
    symptom: 'sockets-left',
    expected: `as many sockets are open as before: ${most}`,
    observed: `${count} are open`,
  });
}
