/**
 * A Linux in memory: one machine with its loopback network, its processes and its clock. Programs make their calls through
 * linuxOf(); while a call of theirs waits, everything else on the machine moves, in virtual time.
 */
import { Choices } from './choices.ts';
import { Network } from './network.ts';
import { type Attempt, ProgramEnded, type Wait, WaitsForever } from './outcome.ts';
import { Process, type ProcessOptions } from './process.ts';
import { Scheduler } from './scheduler.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { Sink } from './standard.ts';
import { type Waiter, WaitQueue } from './wait-queue.ts';

/** A process of ours: a generator that yields what it waits for. */
export type Actor = Generator<Wait, void, void>;

export class Kernel {
  readonly choices: Choices;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly settings: Settings;

  /**
   * @param seed or the choices themselves; 0: a calm machine
   * @param settings those that differ from the default
   */
  constructor(seed: number | Choices = 0, settings: Partial<Settings> = {}) {
    this.choices = typeof seed === 'number' ? new Choices(seed) : seed;
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.scheduler = new Scheduler(this.choices, () => this.network.deliver());
    this.network = new Network(this.scheduler, this.settings);
  }

  /** Virtual time in ms. */
  get now(): number {
    return this.scheduler.now;
  }

  /** A process; its standard input, output and error are empty unless the options give others. */
  newProcess(name: string, options: ProcessOptions = {}): Process {
    const files = options.files ?? [new Sink(), new Sink(), new Sink()];
    return new Process(this.choices, name, { ...options, files });
  }

  /**
   * Makes a call of a program, which waits in it as long as it takes, while the others move.
   *
   * @param call its name
   * @returns its result; -1, with the process's errno set
   * @throws WaitsForever when no other process, timer or packet could wake it
   * @throws ProgramEnded when a signal ended the program meanwhile
   */
  complete(process: Process, call: string, attempt: Attempt): number {
    process.calls += 1;
    this.scheduler.runUntil(this.now + this.settings.callCost);
    while (true) {
      refuseDead(process);
      const outcome = attempt();
      const arrived = this.network.deliver();
      if (typeof outcome === 'number') return this.#result(process, outcome);
      if (arrived) continue;
      const signalled = this.#letOthersMove(process, call, outcome);
      if (signalled && outcome.interrupted !== undefined) return this.#result(process, outcome.interrupted);
    }
  }

  /** Makes a call of an actor: `yield* kernel.perform(process, attempt)`. */
  *perform(process: Process, attempt: Attempt): Generator<Wait, number, void> {
    while (true) {
      const outcome = attempt();
      const arrived = this.network.deliver();
      if (typeof outcome === 'number') return this.#result(process, outcome);
      // What arrived meanwhile may be what the call waits for.
      if (!arrived) yield outcome;
    }
  }

  /** Waits for a number of ms: `yield* kernel.sleep(10)`. */
  *sleep(ms: number): Actor {
    yield { on: new WaitQueue(), until: this.now + ms };
  }

  /** Starts an actor; it moves whenever the program waits, and between its calls. */
  spawn(name: string, actor: Actor): void {
    const resume = (): void => {
      const { done, value } = actor.next();
      if (!done) this.#resumeAfter(name, value, resume);
    };
    this.scheduler.post(name, 0, resume);
  }

  #resumeAfter(name: string, { on, until }: Wait, resume: () => void): void {
    let over = false;
    const wake = (delay: number): boolean => {
      if (over) return false;
      over = true;
      on.remove(waiter);
      this.scheduler.cancel(timer);
      this.scheduler.post(name, delay, resume);
      return true;
    };
    const waiter: Waiter = { exclusive: false, wake: () => wake(this.settings.reaction) };
    const timer = until === Infinity ? undefined : this.scheduler.post(name, until - this.now, () => wake(0));
    on.add(waiter);
  }

  /** Runs everything that is left to happen until a moment. */
  run(until = Infinity): void {
    while (this.scheduler.step(until)) {}
  }

  /** exit(2): closes what is open. */
  exit(process: Process): void {
    for (const fd of process.descriptors) {
      process.close(fd)();
      this.network.deliver();
    }
  }

  /** Until the wait is over; whether a signal ended it. */
  #letOthersMove(process: Process, call: string, { on, until }: Wait): boolean {
    let woken = false;
    const waiter: Waiter = { exclusive: false, wake: () => (woken = true) };
    on.add(waiter);
    process.waiting = true;
    process.interrupted = false;
    try {
      while (!woken && !process.interrupted && process.fatal === undefined && this.now < until) {
        if (this.scheduler.step(until)) continue;
        if (until === Infinity) throw new WaitsForever(call);
        this.scheduler.runUntil(until);
      }
      return process.interrupted;
    } finally {
      process.waiting = false;
      on.remove(waiter);
    }
  }

  #result(process: Process, outcome: number): number {
    if (outcome >= 0) return outcome;
    process.lastError = -outcome;
    return -1;
  }
}

function refuseDead(process: Process): void {
  if (process.fatal !== undefined) throw new ProgramEnded(null, process.fatal);
}
