/** The cost of a proxy: CPU time and memory of all its processes, from /proc. See proc(5). */
import { readdirSync, readFileSync } from 'node:fs';
import { processTree } from '../kernel/process-tree.ts';

/** Clock ticks a second in /proc/PID/stat: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time of these processes and of their ended children, in seconds. */
export function cpuSeconds(pid: number): number {
  return processTree(pid).reduce((sum, id) => sum + ofProcess(id), 0);
}

function ofProcess(pid: number): number {
  const text = read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  // A tick is 10 ms. Where the kernel also counts nanoseconds, those are more precise for living threads.
  const own = nanosecondsOf(pid) / 1e9 || (user + system) / TICKS_PER_SECOND;
  return own + (childrenUser + childrenSystem) / TICKS_PER_SECOND;
}

function nanosecondsOf(pid: number): number {
  const running = list(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/schedstat`).split(' ')[0]);
  return running.reduce((sum, nanoseconds) => sum + Number(nanoseconds || 0), 0);
}

/**
 * Memory that these processes have written, in KiB: their share (anonymous PSS) where the kernel
 * reports it, else PSS, else RSS. Memory that they only read, such as the program's code, is
 * shared with other processes that run it, so its share changes as those start and exit.
 */
export function memoryKib(pid: number): number {
  return processTree(pid).reduce((sum, id) => sum + memoryOf(id), 0);
}

function memoryOf(pid: number): number {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const pss = /^Pss_Anon:\s+(\d+) kB/m.exec(rollup)?.[1] ?? /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(pss ?? rss ?? 0);
}

/** How many descriptors these processes have open. */
export function descriptorCount(pid: number): number {
  return processTree(pid).reduce((sum, id) => sum + list(`/proc/${id}/fd`).length, 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has exited meanwhile.
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
