/** Whether processors are idle: a buggy program mostly runs into timeouts, so another submission can be judged meanwhile. */
import { type CpuInfo, cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Length of a measurement, in ms: long enough that a submission that has just started shows up as load. */
const LOOK_MS = 300;
/** Share of all processors' time that must be idle: running submissions need headroom. */
const IDLE_SHARE = 0.4;

/** Samples the processors' load. */
export async function processorsIdle(): Promise<boolean> {
  const before = cpus();
  await pause(LOOK_MS);
  return idleShare(before, cpus()) >= IDLE_SHARE;
}

/** The idle share of the processors' time between two samples, 0 to 1. */
export function idleShare(before: Pick<CpuInfo, 'times'>[], after: Pick<CpuInfo, 'times'>[]): number {
  const [was, is] = [before, after].map((all) => ({
    idle: all.reduce((sum, { times }) => sum + times.idle, 0),
    total: all.reduce((sum, { times }) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0),
  })) as [Sum, Sum];
  const passed = is.total - was.total;
  return passed > 0 ? (is.idle - was.idle) / passed : 0;
}

interface Sum {
  idle: number;
  total: number;
}
