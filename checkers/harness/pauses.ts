/** Pauses of a check: the program may make a mistake, is stopped, or goes to sleep meanwhile. */
import type { Program } from './program.ts';
import type { Waiting } from './waiting.ts';

/** How long to look whether a program sleeps, in ms, and how often. */
const LOOK_MS = 50;
const LOOKS = 8;
/** How many looks in a row have to find it asleep: a program that waits for the disk, or for a processor, looks the same. */
const ASLEEP = 2;

/** Several, since on a busy machine a single interruption may miss the blocking call. */
const INTERRUPTIONS = 4;
const INTERRUPTION_MS = 15;
/** How long to be quiet once the program has ended, in ms. */
const STOPPED_MS = 10;

/** What pauses need of their harness. */
interface Around {
  waiting: Waiting;
  quiet(ms: number): Promise<void>;
  expectAlive(program: Program): void;
}

/** See `Harness.quiet`. */
export async function quiet({ waiting }: Pick<Around, 'waiting'>, ms: number): Promise<void> {
  if ((await waiting.until(() => false, ms)) !== 'stopped') return;
  // Nothing more will come, so a short wait is enough. Without any, a caller that polls would block the event loop.
  await waiting.until(() => false, Math.min(ms, STOPPED_MS), true);
}

/** See `Harness.interrupt`. */
export async function interrupt(harness: Around, program: Program): Promise<void> {
  for (let time = 0; time < INTERRUPTIONS; time += 1) {
    program.signal('SIGSTOP');
    await harness.quiet(INTERRUPTION_MS);
    program.signal('SIGCONT');
    await harness.quiet(INTERRUPTION_MS);
  }
}

/** See `Harness.whileStopped`. */
export async function whileStopped(program: Program, gather: () => Promise<void>): Promise<void> {
  program.signal('SIGSTOP');
  try {
    await gather();
  } finally {
    program.signal('SIGCONT');
  }
}

/** See `Harness.settle`. */
export async function settle(harness: Around, program: Program): Promise<void> {
  let asleep = 0;
  for (let look = 0; look < LOOKS && asleep < ASLEEP; look += 1) {
    const before = program.busyMs() ?? 0;
    await harness.quiet(LOOK_MS);
    harness.expectAlive(program);
    asleep = !program.isDying() && (program.busyMs() ?? 0) - before < LOOK_MS / 2 ? asleep + 1 : 0;
  }
}
