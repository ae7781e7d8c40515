/** An entrant that runs: started with its ports, waited for until it listens. */

import { mkdirSync } from 'node:fs';
import type { Guardian } from '../lab/guardian.ts';
import { onListening } from '../lab/listening.ts';
import { Program, type ProgramPorts } from '../lab/program.ts';
import { Timeline } from '../lab/timeline.ts';
import { Waiting } from '../lab/waiting.ts';
import { text } from '../messages/index.ts';
import { cpuSeconds, descriptorCount, memoryKib } from './cost.ts';
import type { Entrant } from './entrants.ts';

const START_MS = 15_000;

/** One entrant in a race. */
export class Runner {
  readonly entrant: Entrant;
  /** where its clients go */
  readonly port: number;
  readonly #program: Program | undefined;
  #memoryBefore: number | undefined;

  constructor(entrant: Entrant, ports: ProgramPorts, guardian: Guardian, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.entrant = entrant;
    const spec = entrant.prepare?.(ports, folder);
    this.port = spec === undefined ? ports.upstream : ports.proxy;
    const { variables } = entrant;
    const time = [new Timeline(), new Waiting()] as const;
    this.#program = spec && new Program(spec, ports, guardian, ...time, undefined, undefined, variables);
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
      const timer = setTimeout(() => done(text.race.didNotListen(START_MS / 1000)), START_MS);
    });
  }

  /** The first process's id; 0 where there is no proxy. */
  get pid(): number {
    return this.#program?.pid ?? 0;
  }

  /** Why it does not run any more; undefined while it does. */
  get problem(): string | undefined {
    const program = this.#program;
    if (program === undefined || program.exit === undefined || program.listens()) return undefined;
    return text.race.hasEnded(program.lastLines().at(-1) ?? text.race.exitCode(program.exit.code));
  }

  /** Seconds of processor time so far; undefined where there is no proxy. */
  cpuSeconds(): number | undefined {
    return this.#program && cpuSeconds(this.#program.pid);
  }

  /** Takes the memory of now as what later memory is compared with; the first time counts, since few give any back. */
  rememberMemory(): void {
    this.#memoryBefore ??= this.#program && memoryKib(this.#program.pid);
  }

  /** KiB by which it has grown since then; undefined where there is no proxy. */
  grownKib(): number | undefined {
    if (this.#program === undefined || this.#memoryBefore === undefined) return undefined;
    return Math.max(0, memoryKib(this.#program.pid) - this.#memoryBefore);
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
