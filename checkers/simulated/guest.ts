/** Runs the learner's program on the simulated machine, as one process of it. */
import type { OpenFile } from '../../linux/simulated/file.ts';
import { ProgramEnded, WaitsForever } from '../../linux/simulated/outcome.ts';
import type { Process } from '../../linux/simulated/process.ts';
import { Sink } from '../../linux/simulated/standard.ts';
import { Doings, guestLinux, returnTo, sleep } from './guest-calls.ts';
import { guestGlobals } from './guest-globals.ts';
import { CannotSimulate, guestModules } from './guest-modules.ts';
import { printed, showStacksOf } from './stacks.ts';
import { post, type Watched, world } from './world.ts';

/** How it was started. */
export interface GuestOptions {
  env: Record<string, string>;
  descriptors: number | undefined;
  /** standard input; undefined: /dev/null */
  input: OpenFile | undefined;
  /** the name of its trace; undefined: no trace */
  trace: string | undefined;
  /** takes what it prints: 1 is its standard output, 2 its standard error */
  print(fd: number, bytes: Buffer): void;
  /** it has ended */
  ended(status: { code: number | null; signal: string | null }): void;
}

/** Node takes so long to start, in ms. */
const START_MS = 25;

export class Guest implements Watched {
  readonly pid: number;
  readonly process: Process;
  readonly #options: GuestOptions;
  readonly #doings: Doings;
  #state: 'starts' | 'runs' | 'hangs' | 'ended' = 'starts';
  readonly #since: number;

  constructor(options: GuestOptions) {
    this.#options = options;
    const { kernel, watched } = world();
    this.#since = kernel.now;
    const output = (fd: number) => new Sink((bytes) => options.print(fd, Buffer.from(bytes)));
    const { descriptors } = options;
    this.process = kernel.newProcess('node', {
      files: [options.input ?? new Sink(), output(1), output(2)],
      ...(descriptors !== undefined && { descriptors }),
    });
    this.pid = this.process.pid;
    this.#doings = new Doings(this.process);
    watched.push(this);
    post('program', START_MS, () => this.#run());
  }

  letter(): string | undefined {
    if (this.#state === 'ended') return undefined;
    if (this.process.stopped) return 'T';
    if (this.#state === 'starts') return 'R';
    return this.#state === 'hangs' || this.process.waiting ? 'S' : 'R';
  }

  busyMs(): number {
    const { kernel } = world();
    if (this.#state === 'starts') return 0;
    const { waitedMs, current } = this.#doings;
    const waiting = this.process.waiting && current !== undefined ? kernel.now - current.since : 0;
    return Math.max(0, kernel.now - this.#since - START_MS - waitedMs - waiting);
  }

  pending(): { name: string; fd?: number } | undefined {
    const { current } = this.#doings;
    if (!this.process.waiting || current === undefined) return undefined;
    return { name: current.name, ...(current.fd !== undefined && { fd: current.fd }) };
  }

  get isOver(): boolean {
    return this.#state === 'ended';
  }

  signal(name: string): void {
    if (this.#state === 'ended') return;
    this.process.signal(name);
    // No call of it notices: it has not begun, or it waits for ever.
    if (this.process.fatal !== undefined && this.#state !== 'runs')
      this.#end({ code: null, signal: this.process.fatal });
  }

  #run(): void {
    if (this.#state !== 'starts') return;
    this.#state = 'runs';
    const here = world();
    const { code, kernel } = here;
    const { env, trace } = this.#options;
    const lines = trace === undefined ? undefined : (here.traces.get(trace) ?? []);
    if (trace !== undefined && lines !== undefined) here.traces.set(trace, lines);
    showStacksOf(code);
    const print = (fd: number, text: string): void => this.#options.print(fd, Buffer.from(text));
    const refuse = (error: Error): never => {
      here.beyond ??= error;
      throw error;
    };
    const tick = (): void => {
      this.#doings.spend();
      returnTo(this.#doings);
    };
    const globals = guestGlobals({
      process: this.process,
      pid: this.pid,
      env,
      tick,
      sleep: (ms) => sleep(this.#doings, ms),
      print,
      refuse,
    });
    const modules: Record<string, unknown> = {
      ...guestModules(print, refuse),
      '#linux': guestLinux(this.#doings, this.pid, lines),
      process: globals.process,
      'node:process': globals.process,
    };
    const load = (name: string): unknown => {
      if (name in modules) return modules[name];
      return refuse(
        new CannotSimulate(
          `The simulation cannot judge this program: it imports ${name}. On real Linux it can be judged: npm run milestone, without 'simulated'.`,
        ),
      );
    };
    try {
      const module = { exports: {} };
      const names = Object.keys(globals);
      const script = new Function(
        'require',
        'module',
        'exports',
        ...names,
        `${code.script}\n//# sourceURL=${code.name}`,
      );
      returnTo(this.#doings);
      script(load, module, module.exports, ...names.map((name) => globals[name]));
      this.#end({ code: (globals.process as { exitCode?: number }).exitCode ?? 0, signal: null });
    } catch (error) {
      this.#endWith(error);
    } finally {
      here.alive(here.callsMade, false);
      kernel.network.deliver();
    }
  }

  #endWith(error: unknown): void {
    if (error instanceof ProgramEnded) this.#end({ code: error.code, signal: error.signal });
    else if (error instanceof WaitsForever) this.#state = 'hangs';
    else {
      if (world().beyond === undefined) this.#options.print(2, Buffer.from(printed(error)));
      this.#end({ code: 1, signal: null });
    }
  }

  #end(status: { code: number | null; signal: string | null }): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    world().kernel.exit(this.process);
    this.#options.ended(status);
  }
}
