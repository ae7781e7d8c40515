/** An entrant that runs: started with its ports, waited for until it listens. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../harness/program.ts';
import type { ProgramPorts } from '../harness/program-ports.ts';
import type { Reaper } from '../harness/reaper.ts';
import { Timeline } from '../harness/timeline.ts';
import { Waiting } from '../harness/waiting.ts';
import { onListening } from '../kernel/listening.ts';
import { type PortBlock, takePortBlock } from '../kernel/ports.ts';
import { cpuSeconds, descriptorCount, memoryKib } from './cost.ts';
import type { Entrant } from './entrants.ts';

const START_MS = 15_000;

/** One entrant in a race. */
export class Runner {
  readonly entrant: Entrant;
  /** where its clients go */
  readonly port: number;
  readonly #program: Program | undefined;
  readonly #again: (block: PortBlock) => Runner;

  constructor(entrant: Entrant, ports: ProgramPorts, reaper: Reaper, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.entrant = entrant;
    this.#again = (block) => {
      const others = { ...ports, proxy: block.take(), status: block.take() };
      return new Runner(entrant, others, reaper, join(folder, 'again'));
    };
    const spec = entrant.prepare?.(ports, folder);
    this.port = spec === undefined ? ports.upstream : ports.proxy;
    const { variables } = entrant;
    const time = [new Timeline(), new Waiting()] as const;
    this.#program = spec && new Program(spec, ports, reaper, ...time, undefined, undefined, variables);
  }

  /** Resolves with undefined once it listens, else with the reason why it does not. */
  ready(): Promise<string | undefined> {
    const program = this.#program;
    if (program === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (reason?: string): void => {
        clearTimeout(timer);
        clearInterval(look);
        stop();
        resolve(reason);
      };
      const stop = onListening(this.port, () => done());
      const look = setInterval(() => this.problem !== undefined && done(this.problem), 50);
      const timer = setTimeout(() => done(`it did not listen on its port within ${START_MS / 1000} s`), START_MS);
    });
  }

  /** The first process's id; 0 where there is no proxy. */
  get pid(): number {
    return this.#program?.pid ?? 0;
  }

  /** Why it has exited; undefined while it runs. */
  get problem(): string | undefined {
    const program = this.#program;
    if (program === undefined || program.exit === undefined || program.listens()) return undefined;
    return `it has ended: ${program.lastLines().at(-1) ?? `exit code ${program.exit.code}`}`;
  }

  /** Seconds of processor time so far; undefined where there is no proxy. */
  cpuSeconds(): number | undefined {
    return this.#program && cpuSeconds(this.#program.pid);
  }

  /**
   * Starts the same program once more, on ports of its own, for as long as `use` takes.
   *
   * @param use is told why it does not listen, if so
   */
  async again<T>(use: (other: Runner, problem: string | undefined) => Promise<T>): Promise<T> {
    const block = await takePortBlock();
    const other = this.#again(block);
    try {
      return await use(other, await other.ready());
    } finally {
      await other.end();
      block.release();
    }
  }

  /** KiB of memory that it takes now. */
  memoryKib(): number | undefined {
    return this.#program && memoryKib(this.#program.pid);
  }

  /** How many sockets its processes have open. */
  socketCount(): number {
    return this.#program?.socketCount() ?? 0;
  }

  descriptorCount(): number {
    return this.#program === undefined ? 0 : descriptorCount(this.#program.pid);
  }

  async end(): Promise<void> {
    await this.#program?.kill();
    this.#program?.dispose();
  }
}
