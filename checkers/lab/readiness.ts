/** A program is ready as soon as the kernel lists it as listening. The lab makes no connection to find out. */
import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailure } from '../contract/check.ts';
import { onListening } from '../kernel/listening.ts';
import { stateLetter } from '../kernel/process-tree.ts';
import { text as messages } from '../messages/index.ts';
import type { Program } from './program.ts';
import type { Waiting } from './waiting.ts';

/** How long a program may take until it listens, in ms. */
export const START_MS = 8000;
/** No more than this is added for time in which the machine had no processor for it, in ms; and less is not worth it. */
const MOST_LOST_MS = 12_000;
const LEAST_LOST_MS = 50;

/** A start takes a tenth of this, in ms of a processor's time, on a machine of today. */
const START_TAKES_MS = 4000;
/** So long at most is a program waited for that gets next to nothing, in ms; and so long is each look at whether it does. */
const MOST_STARVED_MS = 20_000;
const STARVED_LOOK_MS = 100;
/** Who wants nothing for so long, in ms, sleeps. */
const IDLE_MS = 800;
/** Of the time, the share in which some thread of it runs or stands in line; of a program that sleeps it is next to none. */
const WANTS_MORE = 0.1;

/** How long a program may go on with its start once it listens, and how often to look, in ms. */
const START_ENDS_MS = 40;
const REST_LOOK_MS = 2;

/** Whether a process listens on the port within `ms`. */
export async function listensWithin(ms: number, port: number, waiting: Waiting): Promise<boolean> {
  let listening = false;
  const stop = onListening(port, () => {
    listening = true;
    waiting.changed();
  });
  const waited = await waiting.soon(() => listening, ms);
  stop();
  return waited === 'yes';
}

/**
 * Waits until a program that was just started listens.
 *
 * @throws CheckFailure when it ends or does not listen in time
 */
export async function untilListening(program: Program, waiting: Waiting): Promise<void> {
  if (await listensInTime(program, waiting)) return;
  const ended = program.exit !== undefined;
  throw new CheckFailure({
    symptom: ended ? 'stopped' : 'not-listening',
    expected: messages.lab.socketListensOnPort(program.ports.proxy),
    observed: ended ? messages.lab.programStopped : messages.lab.nothingListensThereAfter(waiting.seconds(START_MS)),
  });
}

/** What a busy machine has taken from the program is given back to it, once; and one that gets on slowly is not given up. */
async function listensInTime(program: Program, waiting: Waiting): Promise<boolean> {
  const { proxy } = program.ports;
  if (await listensWithin(START_MS, proxy, waiting)) return true;
  const lost = Math.min(program.inLineMs(), MOST_LOST_MS);
  if (lost > LEAST_LOST_MS && program.exit === undefined && (await listensWithin(lost, proxy, waiting))) return true;
  return listensWhileStarved(program, waiting);
}

/**
 * On a busy machine a program may still be starting because it got too little processor time, because threads that it
 * waits for are queued, or because its file is not yet read from disk. The wait goes on as long as the program wants more
 * than it gets and has had less than a start takes; a program that sleeps or spins soon shows that.
 */
async function listensWhileStarved(program: Program, waiting: Waiting): Promise<boolean> {
  const end = performance.now() + MOST_STARVED_MS;
  for (let idleSince = performance.now(); performance.now() < Math.min(end, idleSince + IDLE_MS); ) {
    if (program.exit !== undefined || (program.ranMs() ?? Infinity) > START_TAKES_MS * waiting.patience) return false;
    const [busy, clock] = [program.busyMs() ?? 0, performance.now()];
    if (await listensWithin(STARVED_LOOK_MS / waiting.patience, program.ports.proxy, waiting)) return true;
    const wantsMore = (program.busyMs() ?? 0) - busy >= WANTS_MORE * (performance.now() - clock);
    if (wantsMore || program.waitsForDisk()) idleSince = performance.now();
  }
  return false;
}

/**
 * Waits until a program that listens has come to rest, which is when its first process has slept at two looks in a row: what
 * else it does at its start, a connection of its own for example, is then always to be seen before the first client, and not
 * now before and now behind it. One that never sleeps is not waited for: others will judge that.
 */
export async function untilAtRest(program: Program): Promise<void> {
  const pid = program.firstPid;
  let asleep = 0;
  for (const end = performance.now() + START_ENDS_MS; asleep < 2 && performance.now() < end; ) {
    await pause(REST_LOOK_MS);
    asleep = stateLetter(pid) === 'S' ? asleep + 1 : 0;
  }
}
