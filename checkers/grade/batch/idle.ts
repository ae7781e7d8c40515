/** Whether processors have nothing to do: a wrong program is mostly waited for, and meanwhile somebody else may be judged. */
import { type CpuInfo, cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a look takes, in ms: longer than it takes until a submission that was just begun is seen at work. */
const LOOK_MS = 300;
/** Of all processors' time. What is judged already must have room for more than it takes now. */
const IDLE_SHARE = 0.4;

/** Looks at the processors for a moment. */
export async function processorsIdle(): Promise<boolean> {
  const before = cpus();
  await pause(LOOK_MS);
  return idleShare(before, cpus()) >= IDLE_SHARE;
}

/** Which part of their time between two looks the processors did nothing in, 0 to 1. */
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
