/** Waiting for conditions with deadlines: the only kind of waiting in the lab. */
import { lostMs } from '../kernel/lost-time.ts';

/** Less lost time than this is no reason to wait any longer, in ms. */
const WORTH_MS = 100;

/** How a wait ended. */
export type Waited = 'yes' | 'timeout' | 'stopped';

interface Waiter {
  condition: () => boolean;
  resolve: (waited: Waited) => void;
  timer: NodeJS.Timeout;
  evenIfStopped: boolean;
  /** how much time was lost when it began; undefined: what is lost meanwhile is not given back */
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
   * As `until`, with patience: for what a correct proxy does sooner or later. Time in which this process itself got
   * nothing done does not count.
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
   * @param condition looked at now and after each change
   * @param ms give up after this long
   * @param evenIfStopped go on waiting although the learner's program has ended
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

  /** Something happened: looks at all conditions again. */
  changed(): void {
    for (const waiter of this.#waiters) {
      if (waiter.condition()) this.#settle(waiter, 'yes');
    }
  }

  /** The learner's program runs (false) or has ended (true): then what has not come by now will not come. */
  set stopped(stopped: boolean) {
    this.#stopped = stopped;
    this.changed();
    if (!stopped) return;
    for (const waiter of this.#waiters) {
      if (!waiter.evenIfStopped) this.#settle(waiter, 'stopped');
    }
  }

  /**
   * A program starts: from now on its end is what counts, not that of one before it.
   *
   * @returns says that it has ended
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
