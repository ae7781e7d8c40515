/** What the checks have in place of Node's globals: `Promise`, timers and clocks of the simulated machine. */
import type { Task } from '../../linux/simulated/scheduler.ts';
import { queueJob, VirtualPromise } from './virtual-promise.ts';
import { post, world } from './world.ts';

export { clock as Date, VirtualPromise as Promise };

/** A timer as Node returns it. */
class Timer {
  constructor(readonly task: Task) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export function setTimeout(run: (...args: unknown[]) => void, ms = 1, ...args: unknown[]): Timer {
  // As in Node: less than 1 ms, or no number, is 1 ms.
  return new Timer(post('timer', ms >= 1 ? ms : 1, () => run(...args)));
}

export function clearTimeout(timer: Timer | undefined): void {
  world().kernel.scheduler.cancel(timer?.task);
}

export function setImmediate(run: (...args: unknown[]) => void, ...args: unknown[]): Timer {
  return new Timer(post('immediate', 0, () => run(...args)));
}

export const performance = { now: (): number => world().kernel.now };

/** Virtual time begins at a moment that no clock shows. */
const clock = { now: (): number => Math.floor(world().kernel.now) };

export const process = {
  hrtime: { bigint: (): bigint => BigInt(Math.round(world().kernel.now * 1e6)) },
  platform: 'linux',
  arch: 'x64',
  env: {} as Record<string, string | undefined>,
  cwd: (): string => '/workshop',
  nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]): void => queueJob(() => run(...args)),
};
