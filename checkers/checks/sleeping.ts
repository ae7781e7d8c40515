/** Whether a program sleeps while there is nothing to do. */
import { CheckFailure } from '../contract/check.ts';
import type { Harness } from '../harness/harness.ts';
import type { Program } from '../harness/program.ts';

/** Length of one measurement, in ms. */
const WINDOW_MS = 250;
/** A spinning program is busy all the time, a correct one about 1 % of it. */
const BUSY_LIMIT = 0.3;
/** A correct program may still have work to finish; a spinning one never sleeps. */
const WINDOWS = 8;

/**
 * Measures how busy the program is.
 *
 * @throws CheckFailure when it never sleeps
 */
export async function expectSleeping(harness: Harness, program: Program): Promise<void> {
  let share = 0;
  const windows = Math.max(4, Math.round(WINDOWS * harness.waiting.patience));
  for (let window = 0; window < windows; window += 1) {
    const [busy, clock] = [program.busyMs(), performance.now()];
    await harness.quiet(WINDOW_MS);
    harness.expectAlive(program);
    const after = program.busyMs();
    if (busy === undefined || after === undefined) {
      harness.skip('this system does not tell how busy a program is (no /proc/PID/schedstat)');
    }
    share = (after - busy) / (performance.now() - clock);
    if (share < BUSY_LIMIT) return;
  }
  throw new CheckFailure({
    symptom: 'busy',
    expected: 'the program sleeps in epoll_wait until something happens',
    observed: `it was busy ${Math.min(100, Math.round(share * 100))} % of the time while nothing happened`,
  });
}
