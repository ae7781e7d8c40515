/**
 * Where a load consists of many small steps, the luck of who shares a processor with whom changes a sample by half: so the
 * proxy then has one for itself, and clients and upstream have the others. See sched_setaffinity(2), taskset(1).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processTree } from '../lab/process-tree.ts';
import { findOnPath } from '../lab/python.ts';
import type { LoadId } from './rows.ts';

/** In bulk everybody has all processors: there the proxy's time is most of all, and its share of the machine counts. */
const SEATED: LoadId[] = ['round-trips', 'connections', 'idle'];

/** Who sits where. Without taskset, or with one processor, everybody sits everywhere. */
export class Seats {
  readonly #taskset = findOnPath('taskset');
  readonly #all = allowedProcessors();
  readonly #generators: number[];
  /** by process: the list it was given last */
  readonly #given = new Map<number, string>();

  /** @param generators process ids of the clients and of the upstream */
  constructor(generators: number[]) {
    this.#generators = generators;
  }

  /** Whether it makes a difference on this machine. */
  get isPossible(): boolean {
    return this.#taskset !== undefined && this.#all.length > 1;
  }

  /**
   * Seats the next proxy and the generators as this load wants it.
   *
   * @param proxy its first process; 0: there is none, and the generators have all processors
   */
  take(load: LoadId, proxy: number): void {
    if (!this.isPossible) return;
    const apart = SEATED.includes(load) && proxy !== 0;
    const [own = 0, ...others] = this.#all.toReversed();
    for (const pid of proxy === 0 ? [] : processTree(proxy)) this.#give(pid, apart ? [own] : this.#all);
    for (const pid of this.#generators) this.#give(pid, apart ? others : this.#all);
  }

  #give(pid: number, processors: number[]): void {
    const list = processors.toSorted((a, b) => a - b).join(',');
    if ((this.#given.get(pid) ?? this.#all.join(',')) === list) return;
    this.#given.set(pid, list);
    // A process that has ended meanwhile needs none.
    spawnSync(this.#taskset ?? '', ['-a', '-c', '-p', list, String(pid)], { stdio: 'ignore' });
  }
}

/** The processors that we may use, as the kernel numbers them; none where it does not tell. See proc(5). */
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
