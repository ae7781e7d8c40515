/** Promises whose callbacks run when the simulator says so: all that is due runs inside one move of the simulated machine. */

const jobs: (() => void)[] = [];
let next = 0;

/** Queues a job: the queue is that of promises. */
export function queueJob(job: () => void): void {
  jobs.push(job);
}

/** Runs all jobs, and those that they queue. */
export function runJobs(): void {
  while (next < jobs.length) {
    const job = jobs[next] as () => void;
    next += 1;
    job();
  }
  jobs.length = 0;
  next = 0;
}

/** Forgets all jobs: those of an earlier check. */
export function forgetJobs(): void {
  jobs.length = 0;
  next = 0;
}

type Settle = (value: unknown) => void;
type Executor = (resolve: Settle, reject: Settle) => void;

interface Reaction {
  kept: Settle;
  broken: Settle;
}

/** As in ECMAScript: the same order of callbacks, tick by tick. */
export class VirtualPromise {
  #state: 'pending' | 'kept' | 'broken' = 'pending';
  #value: unknown;
  #reactions: Reaction[] = [];

  constructor(executor: Executor) {
    const { resolve, reject } = this.#functions();
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  #functions(): { resolve: Settle; reject: Settle } {
    let over = false;
    const once = (act: Settle): Settle => {
      return (value) => {
        if (over) return;
        over = true;
        act(value);
      };
    };
    return {
      resolve: once((value) => this.#resolve(value)),
      reject: once((error) => this.#settle('broken', error)),
    };
  }

  #resolve(value: unknown): void {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject) {
      this.#settle('kept', value);
      return;
    }
    let then: unknown;
    try {
      if (value === this) throw new TypeError('Chaining cycle detected for promise #<Promise>');
      then = (value as { then?: unknown }).then;
    } catch (error) {
      this.#settle('broken', error);
      return;
    }
    if (typeof then !== 'function') {
      this.#settle('kept', value);
      return;
    }
    queueJob(() => {
      const { resolve, reject } = this.#functions();
      try {
        then.call(value, resolve, reject);
      } catch (error) {
        reject(error);
      }
    });
  }

  #settle(state: 'kept' | 'broken', value: unknown): void {
    this.#state = state;
    this.#value = value;
    for (const reaction of this.#reactions) this.#react(reaction);
    this.#reactions = [];
  }

  #react({ kept, broken }: Reaction): void {
    queueJob(() => (this.#state === 'kept' ? kept : broken)(this.#value));
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise.
  then(onKept?: unknown, onBroken?: unknown): VirtualPromise {
    return new VirtualPromise((resolve, reject) => {
      const by = (handler: unknown, otherwise: Settle): Settle => {
        if (typeof handler !== 'function') return otherwise;
        return (value) => {
          try {
            resolve(handler(value));
          } catch (error) {
            reject(error);
          }
        };
      };
      const reaction = { kept: by(onKept, resolve), broken: by(onBroken, reject) };
      if (this.#state === 'pending') this.#reactions.push(reaction);
      else this.#react(reaction);
    });
  }

  catch(onBroken?: unknown): VirtualPromise {
    return this.then(undefined, onBroken);
  }

  finally(after?: unknown): VirtualPromise {
    if (typeof after !== 'function') return this.then(after, after);
    return this.then(
      (value: unknown) => VirtualPromise.resolve(after()).then(() => value),
      (error: unknown) =>
        VirtualPromise.resolve(after()).then(() => {
          throw error;
        }),
    );
  }

  static resolve(value?: unknown): VirtualPromise {
    return value instanceof VirtualPromise ? value : new VirtualPromise((resolve) => resolve(value));
  }

  static reject(error?: unknown): VirtualPromise {
    return new VirtualPromise((_resolve, reject) => reject(error));
  }

  static all(values: Iterable<unknown>): VirtualPromise {
    return new VirtualPromise((resolve, reject) => {
      const results: unknown[] = [];
      let left = 1;
      const done = (): void => {
        left -= 1;
        if (left === 0) resolve(results);
      };
      let index = 0;
      for (const value of values) {
        const place = index;
        index += 1;
        left += 1;
        VirtualPromise.resolve(value).then((result: unknown) => {
          results[place] = result;
          done();
        }, reject);
      }
      done();
    });
  }

  static allSettled(values: Iterable<unknown>): VirtualPromise {
    const settled = [...values].map((value) =>
      VirtualPromise.resolve(value).then(
        (result: unknown) => ({ status: 'fulfilled', value: result }),
        (reason: unknown) => ({ status: 'rejected', reason }),
      ),
    );
    return VirtualPromise.all(settled);
  }

  static race(values: Iterable<unknown>): VirtualPromise {
    return new VirtualPromise((resolve, reject) => {
      for (const value of values) VirtualPromise.resolve(value).then(resolve, reject);
    });
  }
}
