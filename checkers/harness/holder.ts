/** Which process has a port: the judged program, a process that it left in the background, or another. See proc(5). */
import { readFileSync } from 'node:fs';
import { processIds, startTicks } from '../kernel/process-tree.ts';
import { readListeners, socketsOf } from '../kernel/tcp-table.ts';
import { carries } from './reaper.ts';

/** In characters. */
const LONGEST_NAME = 40;

/** A process that listens. */
export interface Holder {
  pid: number;
  /** the kernel's name of it, e.g. 'python3' */
  name: string;
}

/**
 * The process that listens on a port.
 *
 * @returns undefined if no process listens; 'unknown' if one does, but the system does not tell which
 */
export function holderOf(port: number): Holder | 'unknown' | undefined {
  const inode = readListeners().find((row) => row.localPort === port)?.inode;
  if (inode === undefined) return undefined;
  const pid = processIds().find((id) => socketsOf(id)?.includes(inode));
  return pid === undefined ? 'unknown' : { pid, name: nameOf(pid) };
}

/** The name of a process's command; 'a program' if it has exited. */
export function nameOf(pid: number): string {
  try {
    return plainName(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
  } catch {
    return 'a program';
  }
}

/** A program chooses its own name: replaces characters that move a cursor, end a line or are invisible. */
export function plainName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '?').slice(0, LONGEST_NAME);
}

/**
 * Whether a process may come from a run's program: it has the run's mark, or, if it has erased its environment, it is not
 * older than that program.
 *
 * @param since when the program was started, in clock ticks since the machine's start
 */
export function comesFrom({ pid }: Holder, mark: string, since: number): boolean {
  const started = startTicks(pid);
  return carries(pid, mark) || started === undefined || started >= since;
}
