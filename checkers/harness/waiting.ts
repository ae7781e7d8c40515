/** Waiting for conditions with deadlines: the only kind of waiting in the harness. */
import { lostMs } from '../kernel/lost-time.ts';

/** Lost time below this, in ms, does not extend a wait. */
const WORTH_MS = 100;

/** How a wait ended. */
export type Waited = 'yes' | 'timeout' | 'stopped';

interface Waiter {
  condition: () => boolean;
  resolve: (waited: Waited) => void;
  timer: NodeJS.Timeout;
  evenIfStopped: boolean;
  /** the time lost before it began; undefined: lost time does not extend this wait */
  lost?: number;
}

/**
 * Holds conditions and looks at them again whenever something happens: bytes, a connection, the end of the program.
 * Nothing is polled here; code that changes something that a condition may depend on calls `changed()`.
 */
export class Waiting {
  /** factor for the time that the proxy is given; quiet times stay as they are */
  readonly patience: number;
  readonly #waiters = new Set<Waiter>();
  #stopped = false;
  #run = 0;

  constructor(patience = 1) {
    this.patience = patience;
  }

  /**
   * Like `until`, with patience: for an event that a correct proxy causes sooner or later. Time in which this process was
   * held up does not count.
   */
  soon(condition: () => boolean, ms: number): Promise<Waited> {
    return this.#wait(condition, ms * this.patience, false, lostMs());
  }

  /** A duration as `soon` counts it, in words: '5 s', '2.5 s'. */
  seconds(ms: number): string {
    return `${(ms * this.patience) / 1000} s`;
  }

  /**
   * Waits until a condition holds.
   *
   * @param condition evaluated now and after each change
   * @param ms the timeout
   * @param evenIfStopped go on waiting although the learner's program has exited
   */
  until(condition: () => boolean, ms: number, evenIfStopped = false): Promise<Waited> {
    return this.#wait(condition, ms, evenIfStopped);
  }

  #wait(condition: () => boolean, ms: number, evenIfStopped: boolean, lost?: number): Promise<Waited> {
    if (condition()) return Promise.resolve('yes');
    if (this.#stopped && !evenIfStopped) return Promise.resolve('stopped');
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#expire(waiter), ms);
      const waiter: Waiter = { condition, resolve, timer, evenIfStopped, ...(lost !== undefined && { lost }) };
      this.#waiters.add(waiter);
    });
  }

  #expire(waiter: Waiter): void {
    const lost = waiter.lost === undefined ? 0 : lostMs() - waiter.lost;
    if (waiter.condition() || lost < WORTH_MS) {
      this.#settle(waiter, waiter.condition() ? 'yes' : 'timeout');
      return;
    }
    waiter.lost = lostMs();
    waiter.timer = setTimeout(() => this.#expire(waiter), lost);
  }

  /** Evaluates all conditions again after an event. */
  changed(): void {
    for (const waiter of this.#waiters) {
      if (waiter.condition()) this.#settle(waiter, 'yes');
    }
  }

  /** Whether the learner's program has exited: then nothing more will arrive. */
  set stopped(stopped: boolean) {
    this.#stopped = stopped;
    this.changed();
    if (!stopped) return;
    for (const waiter of this.#waiters) {
      if (!waiter.evenIfStopped) this.#settle(waiter, 'stopped');
    }
  }

  /**
   * Registers the start of a program: from now on only its exit counts, not that of an earlier one.
   *
   * @returns a function that reports its exit
   */
  begin(): () => void {
    this.#run += 1;
    const run = this.#run;
    this.stopped = false;
    return () => {
      if (run === this.#run) this.stopped = true;
    };
  }

  #settle(waiter: Waiter, waited: Waited): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
    waiter.resolve(waited);
  }
}
