/**
 * A Linux in memory: one machine with its loopback network, its processes and its clock. Programs make their calls through
 * linuxOf(); while a call of theirs waits, everything else on the machine moves, in virtual time.
 */
import { Choices } from './choices.ts';
import { ESRCH } from './errors.ts';
import { Network } from './network.ts';
import { type Attempt, type Outcome, ProgramEnded, type Wait, WaitsForever } from './outcome.ts';
import { type ExitStatus, Process, type ProcessOptions } from './process.ts';
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
  /** all processes that have not been forgotten, by number; one that has ended stays while its parent lives */
  readonly processes = new Map<number, Process>();
  #nextPid = FIRST_PID;

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
    const process = new Process(this.choices, name, { ...options, files, pid: this.#nextPid });
    this.#nextPid += 1;
    this.processes.set(process.pid, process);
    return process;
  }

  /** kill(2); 0, or minus ESRCH where there is no such process. Signal '' only looks. */
  kill(pid: number, signal: string): number {
    const process = this.processes.get(pid);
    if (process === undefined) return -ESRCH;
    if (signal !== '') process.signal(signal);
    return 0;
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
    if (process.stopped) this.#letOthersMove(process, call, STOPPED);
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
      const outcome = this.#attempt(attempt);
      if (typeof outcome === 'number') return this.#result(process, outcome);
      if (outcome !== undefined) yield outcome;
    }
  }

  /**
   * Makes a call of a program that runs elsewhere, in a thread: as an actor, and signals reach it as in complete().
   *
   * @throws ProgramEnded when a signal ended the program
   */
  *performProgram(process: Process, attempt: Attempt): Generator<Wait, number, void> {
    process.calls += 1;
    yield* this.sleep(this.settings.callCost);
    yield* this.#signals(process);
    while (true) {
      const outcome = this.#attempt(attempt);
      if (typeof outcome === 'number') return this.#result(process, outcome);
      if (outcome === undefined) continue;
      process.waiting = true;
      process.interrupted = false;
      yield { ...outcome, process };
      process.waiting = false;
      yield* this.#signals(process);
      if (process.interrupted && outcome.interrupted !== undefined) return this.#result(process, outcome.interrupted);
    }
  }

  /** Waits while a process is stopped; throws when it was killed. */
  *#signals(process: Process): Actor {
    while (process.stopped && process.fatal === undefined) yield { ...STOPPED, process };
    refuseDead(process);
  }

  /** One try; undefined: something arrived meanwhile, which may be what the call waits for. */
  #attempt(attempt: Attempt): Outcome | undefined {
    const outcome = attempt();
    const arrived = this.network.deliver();
    return arrived && typeof outcome !== 'number' ? undefined : outcome;
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

  #resumeAfter(name: string, { on, until, process }: Wait, resume: () => void): void {
    let over = false;
    const wake = (delay: number): boolean => {
      if (over) return false;
      over = true;
      if (process !== undefined) process.onSignal = undefined;
      on.remove(waiter);
      this.scheduler.cancel(timer);
      this.scheduler.post(name, delay, resume);
      return true;
    };
    const waiter: Waiter = { exclusive: false, wake: () => wake(this.settings.reaction) };
    const timer = until === Infinity ? undefined : this.scheduler.post(name, until - this.now, () => wake(0));
    on.add(waiter);
    if (process === undefined) return;
    process.onSignal = () => {
      if (process.fatal !== undefined || process.interrupted || on === STOPPED.on) wake(0);
    };
  }

  /** Runs everything that is left to happen until a moment. */
  run(until = Infinity): void {
    while (this.scheduler.step(until)) {}
  }

  /** exit(2): closes what is open, and tells the parent. */
  exit(process: Process, status: ExitStatus = { code: 0, signal: null }): void {
    for (const fd of process.descriptors) {
      process.close(fd)();
      this.network.deliver();
    }
    if (process.ended !== undefined) return;
    process.ended = status;
    process.parent?.signal('SIGCHLD');
    for (const other of this.processes.values()) {
      const { parent } = other;
      if (other.ended !== undefined && (parent === undefined || parent.ended !== undefined)) {
        this.processes.delete(other.pid);
      }
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
      while (process.fatal === undefined) {
        if (process.stopped) {
          if (!this.scheduler.step()) throw new WaitsForever(call);
          continue;
        }
        if (woken || process.interrupted || this.now >= until || on === STOPPED.on) break;
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

/** The wait of a process that is stopped: only signals end it. */
const STOPPED: Wait = { on: new WaitQueue(), until: Infinity };
/** The first number of a process: the small ones are the system's own. */
const FIRST_PID = 1000;

function refuseDead(process: Process): void {
  if (process.fatal !== undefined) throw new ProgramEnded(null, process.fatal);
}
