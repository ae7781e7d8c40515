/** How a proxy exits after SIGTERM. */
import { CheckFailure } from '../contract/check.ts';
import type { Lab } from '../lab/lab.ts';
import type { Program } from '../lab/program.ts';
import { text } from '../messages/index.ts';

/** How long the proxy may take to stop accepting clients, in ms. */
const DOOR_MS = 4000;
/** How long it may take to exit when it has nothing left to do, in ms. */
const END_MS = 4000;
const LOOK_MS = 20;

/** Waits until nothing listens on the proxy's port. */
export async function expectDoorClosed(lab: Lab, program: Program): Promise<void> {
  lab.step(text.checks.stage7.doorClosed);
  const deadline = performance.now() + DOOR_MS * lab.waiting.patience;
  while (program.listens() && performance.now() < deadline) await lab.quiet(LOOK_MS);
  if (!program.listens()) return;
  throw new CheckFailure({
    symptom: 'keeps-listening',
    expected: text.checks.stage7.nothingListensAfterSigterm,
    observed: text.checks.stage7.stillListens(lab.waiting.seconds(DOOR_MS)),
  });
}

/** Waits until the program has exited with code 0. */
export async function expectGoodEnd(lab: Lab, program: Program, when: string): Promise<void> {
  await lab.waiting.until(() => program.exit !== undefined, END_MS * lab.waiting.patience, true);
  const { exit } = program;
  if (exit?.code === 0) return;
  throw new CheckFailure({
    symptom: exit === undefined ? 'not-ended' : 'wrong-exit',
    expected: text.checks.stage7.programEndsWithZero(when),
    observed:
      exit === undefined
        ? text.checks.stage7.stillRuns(lab.waiting.seconds(END_MS))
        : exit.signal !== null
          ? text.checks.stage7.endedBySignal(exit.signal)
          : text.checks.stage7.endedWithCode(exit.code ?? 0),
  });
}
