/**
 * Assigns processes to processors. When three processes share two, chance decides which one waits, and samples differ by a
 * third; with the proxy on its own processor, the minimum CPU time for a connection or a round trip is
 * the same from run to run. See sched_setaffinity(2), taskset(1).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findOnPath } from '../harness/python.ts';
import { processTree } from '../kernel/process-tree.ts';

/** Gives each proxy of a race its own processor while it is measured; the load generators share the others. */
export class Seats {
  readonly #taskset = findOnPath('taskset');
  readonly #all = allowedProcessors();
  readonly #generators: number[];
  /** by process: the list that it was given last */
  readonly #given = new Map<number, string>();

  /** @param generators process ids of the clients and of the upstream */
  constructor(generators: number[]) {
    this.#generators = generators;
  }

  /** Whether this machine supports it: with taskset, and more than one processor for us. */
  get isPossible(): boolean {
    return this.#taskset !== undefined && this.#all.length > 1;
  }

  /** The processor that is the proxy's, as the kernel numbers it. */
  get own(): number {
    return this.#all.at(-1) ?? 0;
  }

  /**
   * Assigns all processes for a measurement.
   *
   * @param proxy its first process; 0: there is none, and the generators have all processors
   */
  take(proxy: number): void {
    if (!this.isPossible) return;
    const others = this.#all.filter((processor) => processor !== this.own);
    if (proxy !== 0) for (const pid of processTree(proxy)) this.#give(pid, [this.own]);
    for (const pid of this.#generators) this.#give(pid, proxy === 0 ? this.#all : others);
  }

  #give(pid: number, processors: number[]): void {
    const list = processors.join(',');
    if (this.#given.get(pid) === list) return;
    this.#given.set(pid, list);
    // A process that has exited needs none.
    spawnSync(this.#taskset ?? '', ['-a', '-c', '-p', list, String(pid)], { stdio: 'ignore' });
  }
}

/** The processors that we may use, as the kernel numbers them; none if unknown. See proc(5). */
function allowedProcessors(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
    return list.split(',').flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
  } catch {
    return [];
  }
}
