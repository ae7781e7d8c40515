/** A program is ready as soon as the kernel lists it as listening. The harness makes no connection to find out. */
import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailure } from '../contract/check.ts';
import { onListening } from '../kernel/listening.ts';
import { stateLetter } from '../kernel/process-tree.ts';
import type { Program } from './program.ts';
import type { Waiting } from './waiting.ts';

/** How long a program may take until it listens, in ms. */
export const START_MS = 8000;
/** The most and the least that is added for time without a processor, in ms. */
const MAX_LOST_MS = 12_000;
const LEAST_LOST_MS = 50;

/** In ms of processor time; a start takes a tenth of this on a current machine. */
const START_TAKES_MS = 4000;
/** The longest wait for a starved program, and the time between two looks at its progress; both in ms. */
const MAX_STARVED_MS = 20_000;
const STARVED_LOOK_MS = 100;
/** A program that needs no processor for this long, in ms, sleeps. */
const IDLE_MS = 800;
/** The share of the time in which a thread of it runs or is runnable; close to 0 for a program that sleeps. */
const WANTS_MORE = 0.1;

/** How long a listening program may go on with its start, and how often to look, in ms. */
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
 * @throws CheckFailure when it exits or does not listen in time
 */
export async function untilListening(program: Program, waiting: Waiting): Promise<void> {
  if (await listensInTime(program, waiting)) return;
  const ended = program.exit !== undefined;
  throw new CheckFailure({
    symptom: ended ? 'stopped' : 'not-listening',
    expected: `a socket that listens on 127.0.0.1, port ${program.ports.proxy}`,
    observed: ended ? 'the program stopped' : `nothing listens there after ${waiting.seconds(START_MS)}`,
  });
}

/** Extends the timeout once by the time that a busy machine took from the program, and waits on for a slow start. */
async function listensInTime(program: Program, waiting: Waiting): Promise<boolean> {
  const { proxy } = program.ports;
  if (await listensWithin(START_MS, proxy, waiting)) return true;
  const lost = Math.min(program.inLineMs(), MAX_LOST_MS);
  if (lost > LEAST_LOST_MS && program.exit === undefined && (await listensWithin(lost, proxy, waiting))) return true;
  return listensWhileStarved(program, waiting);
}

/**
 * On a busy machine a program may still be starting because it got too little processor time, because threads that it
 * waits for are queued, or because its file is not yet read from disk. The wait goes on as long as the program wants more
 * than it gets and has had less than a start takes; a program that sleeps or spins soon shows that.
 */
async function listensWhileStarved(program: Program, waiting: Waiting): Promise<boolean> {
  const end = performance.now() + MAX_STARVED_MS;
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
 * Waits until a listening program sleeps, that is, until its first process has slept at two looks in a row. Other actions of
 * its start, for example a connection of its own, then always precede the first client. If a program never sleeps, the wait
 * ends: other checks judge that.
 */
export async function untilAtRest(program: Program): Promise<void> {
  const pid = program.firstPid;
  let asleep = 0;
  for (const end = performance.now() + START_ENDS_MS; asleep < 2 && performance.now() < end; ) {
    await pause(REST_LOOK_MS);
    asleep = stateLetter(pid) === 'S' ? asleep + 1 : 0;
  }
}
