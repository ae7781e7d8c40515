/** Runs one check on the simulated machine, from start to verdict, before it returns. */
import { Kernel } from '../../linux/simulated/kernel.ts';
import { NotSimulated } from '../../linux/simulated/outcome.ts';
import { findMilestone } from '../course/find.ts';
import type { HarnessSettings } from '../harness/harness.ts';
import { executeCheck, type Outcome } from '../run/execute.ts';
import { OnlyOnLinux } from './guest-modules.ts';
import { runJobs } from './virtual-promise.ts';
import { begin, type Code, type World } from './world.ts';

/** What is to be judged. */
export interface Order {
  milestone: string;
  check: string;
  settings: Omit<HarnessSettings, 'reaper'>;
  code: Code;
  /** see World */
  computesAfter?: number | undefined;
}

/** What the simulator's host provides. */
export interface Host {
  /** the files that upstreams serve, by path from the root of the repository */
  files: ReadonlyMap<string, Uint8Array>;
  alive: World['alive'];
}

/** Judges one check. The same order gives the same outcome, to the byte. */
export function judge({ milestone, check: id, settings, code, computesAfter }: Order, { files, alive }: Host): Outcome {
  const check = findMilestone(milestone)?.checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id} in milestone ${milestone}`);
  const kernel = new Kernel(0);
  const here = begin(kernel, { code, files, alive, computesAfter });
  let outcome: Outcome | undefined;
  let failed: unknown;
  void executeCheck(check, { ...settings, reaper: { mark: '', watch() {} } }).then(
    (settled) => {
      outcome = settled;
    },
    (error: unknown) => {
      failed = error;
    },
  );
  runJobs();
  const isOver = (): boolean => outcome !== undefined || failed !== undefined || here.beyond !== undefined;
  while (!isOver()) {
    if (kernel.scheduler.step()) continue;
    failed = new Error('the simulated machine stands still, and the check is not over');
  }
  if (here.beyond !== undefined) return beyond(here.beyond, kernel.now);
  if (failed !== undefined) throw failed;
  return outcome as Outcome;
}

function beyond(error: unknown, ms: number): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof OnlyOnLinux) return { status: 'skipped', reason, ms };
  return { status: 'broken', reason: error instanceof NotSimulated ? error.message : reason, ms };
}
