/** How a proxy exits after SIGTERM. */
import { CheckFailure } from '../contract/check.ts';
import type { Harness } from '../harness/harness.ts';
import type { Program } from '../harness/program.ts';

/** How long the proxy may take to stop accepting clients, in ms. */
const DOOR_MS = 4000;
/** How long it may take to exit when it has nothing left to do, in ms. */
const END_MS = 4000;
const LOOK_MS = 20;

/** Waits until nothing listens on the proxy's port. */
export async function expectDoorClosed(harness: Harness, program: Program): Promise<void> {
  harness.step('waited until nothing listens on the port');
  const deadline = performance.now() + DOOR_MS * harness.waiting.patience;
  while (program.listens() && performance.now() < deadline) await harness.quiet(LOOK_MS);
  if (!program.listens()) return;
  throw new CheckFailure({
    symptom: 'keeps-listening',
    expected: 'nothing listens on the port any more after SIGTERM',
    observed: `something still listened there ${harness.waiting.seconds(DOOR_MS)} later`,
  });
}

/** Waits until the program has exited with code 0. */
export async function expectGoodEnd(harness: Harness, program: Program, when: string): Promise<void> {
  await harness.waiting.until(() => program.exit !== undefined, END_MS * harness.waiting.patience, true);
  const { exit } = program;
  if (exit?.code === 0) return;
  throw new CheckFailure({
    symptom: exit === undefined ? 'not-ended' : 'wrong-exit',
    expected: `the program ends with exit code 0 ${when}`,
    observed:
      exit === undefined
        ? `it still ran ${harness.waiting.seconds(END_MS)} later`
        : exit.signal !== null
          ? `it was ended by the signal ${exit.signal}`
          : `it ended with exit code ${exit.code ?? 0}`,
  });
}
