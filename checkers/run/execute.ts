/** Runs one check from start to verdict. */

import { sep } from 'node:path';
import { CheckFailure, type CheckResult, CheckSkipped, type Evidence, type Recording } from '../contract/check.ts';
import { lastLinesOf } from '../explain/exit.ts';
import type { Check } from '../harness/check.ts';
import { Harness, type HarnessSettings } from '../harness/harness.ts';
import { lostMs } from '../kernel/lost-time.ts';
import { root } from '../root.ts';
import { readTrace } from '../trace/trace-file.ts';
import { inspect } from './inspect.ts';
import { startedFiles } from './started-files.ts';

/** Default time limit of a check, in seconds. */
const SECONDS = 30;
/** The most lost time that is given back, in ms. */
const MAX_LOST_MS = 60_000;
/** Lost time below this, in ms, does not extend the limit. */
const WORTH_MS = 500;
/** After a failure the program has this long to finish exiting, in ms. */
const DYING_MS = 150;
/** How long to wait for the last output of an exited program; reading it takes a moment on a busy machine. */
const LAST_WORDS_MS = 2000;

/** How many of the ports and addresses that it listens on are reported. */
const MAX_PLACES = 5;
/** How many of the program's last lines are kept, including those that name an error. */
const LAST_LINES = 40;

/** A check's outcome before it has a number and an explanation. */
export type Outcome = Pick<CheckResult, 'status' | 'reason' | 'evidence' | 'recording' | 'ms'>;

/**
 * Runs a check in a harness of its own.
 *
 * @param check what to run
 * @param settings the program, its ports, the seed
 * @param signal aborts it: its verdict is no longer needed
 */
export async function executeCheck(check: Check, settings: HarnessSettings, signal?: AbortSignal): Promise<Outcome> {
  const harness = new Harness(settings);
  const { seconds = SECONDS } = check;
  let stopClock = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    stopClock = onDeadline(seconds, () => reject(tooLate(seconds)));
    signal?.addEventListener('abort', () => reject(new CheckSkipped('stopped')));
  });
  try {
    await Promise.race([check.run(harness), late]);
    const ms = harness.timeline.now;
    // Ended before the trace is read, so that the trace is complete.
    await harness.program?.kill();
    return { status: 'pass', ms, ...(settings.trace && { recording: record(harness) }) };
  } catch (error) {
    return await judge(error, harness);
  } finally {
    stopClock();
    // Wait for the exit: a program with a hard-coded port would collide with its next start.
    await harness.program?.kill();
    harness.dispose();
  }
}

/**
 * Calls back when a check's time is up. Time that this process lost on a busy machine is added.
 *
 * @returns a function that cancels it
 */
function onDeadline(seconds: number, passed: () => void): () => void {
  let [before, most] = [lostMs(), MAX_LOST_MS];
  const look = (): void => {
    const lost = Math.min(lostMs() - before, most);
    if (lost < WORTH_MS) {
      passed();
      return;
    }
    before += lost;
    most -= lost;
    timer = setTimeout(look, lost);
  };
  let timer = setTimeout(look, seconds * 1000);
  return () => clearTimeout(timer);
}

function tooLate(seconds: number): CheckFailure {
  return new CheckFailure({
    symptom: 'slow',
    expected: `the whole exchange takes a fraction of a second`,
    observed: `it was not over after ${seconds} s, though something still moved`,
  });
}

async function judge(error: unknown, harness: Harness): Promise<Outcome> {
  const ms = harness.timeline.now;
  if (error instanceof CheckFailure) return { status: 'fail', evidence: await gather(error, harness), ms };
  if (error instanceof CheckSkipped) return { status: 'skipped', reason: error.message, ms };
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 'broken', reason, ms };
}

/** Paths in a stack trace as a learner knows them: relative to the workshop's folder, or to the program's directory. */
function relativePaths(line: string, cwd: string): string {
  const place = line.includes(`${cwd}${sep}`) ? cwd : root;
  return line.replaceAll(`file://${place}${sep}`, '').replaceAll(`${place}${sep}`, '');
}

/** The recording of the check: its timeline, and the trace if there is one. */
function record(harness: Harness): Recording {
  const { entries, start } = harness.timeline;
  return {
    timeline: entries,
    trace: harness.settings.trace ? readTrace(harness.settings.trace, start, harness.settings.ports) : [],
  };
}

async function gather(failure: CheckFailure, harness: Harness): Promise<Evidence> {
  const failedAt = harness.timeline.now;
  const { program, settings } = harness;
  await harness.waiting.until(() => program === undefined || program.exit !== undefined, DYING_MS, true);
  // On a busy machine it may have exited already, before Node reports it.
  if (program?.isDying()) await harness.waiting.until(() => program.exit !== undefined, LAST_WORDS_MS, true);
  if (program?.exit !== undefined) await harness.waiting.until(() => program.outputRead, LAST_WORDS_MS, true);
  const ended = program?.ended ?? false;
  // A client is meant to exit: the check itself says what was wrong.
  const stopped = ended && !program?.endsByItself && !program?.askedToEnd;
  const state = program === undefined || ended ? undefined : await inspect(program);
  const otherPorts = ended ? [] : (program?.listeningPorts() ?? []);
  const addresses = (ended ? [] : (program?.unreachableAddresses() ?? [])).slice(0, MAX_PLACES);
  const portHolder = program?.stranger();
  const lines = lastLinesOf(program?.lastLines() ?? [], LAST_LINES);
  const files =
    ended && program?.exit?.code && !settings.program.afterLesson
      ? startedFiles(settings.program.label, settings.program.cwd, lines)
      : [];
  return {
    failedAt,
    symptom: stopped ? 'stopped' : failure.symptom,
    did: harness.did,
    expected: failure.expected,
    observed: failure.observed,
    ...(failure.difference && { difference: failure.difference }),
    ...(ended && { exit: program?.exit }),
    ...(program && { pid: program.pid }),
    lastLines: lines.map((line) => relativePaths(line, settings.program.cwd)),
    ...(files.length > 0 && { startedFiles: files }),
    otherPorts: otherPorts
      .filter((port) => ![settings.ports.proxy, settings.ports.status].includes(port))
      .slice(0, MAX_PLACES),
    ...(addresses.length > 0 && { otherAddresses: addresses }),
    ...(portHolder && { portHolder }),
    ...(state && { state }),
    ports: settings.ports,
    ...record(harness),
  };
}
