/** Processes and their relations, from /proc. See proc(5). */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * A process and all its living descendants, and everything in its process group.
 *
 * @param pid the first one
 * @returns their ids; only `pid` itself if the system has no /proc
 */
export function processTree(pid: number): number[] {
  const all = listProcesses();
  const members = new Set([pid]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const { id, parent, group } of all) {
      if (members.has(id) || !(members.has(parent) || group === pid)) continue;
      members.add(id);
      grown = true;
    }
  }
  return [...members];
}

/** A process, its parent, and so on; only `pid` itself if the system has no /proc. */
export function ancestors(pid: number): number[] {
  const line = [pid];
  for (let next = parentOf(pid); next !== undefined && next > 0 && !line.includes(next); next = parentOf(next)) {
    line.push(next);
  }
  return line;
}

function parentOf(pid: number): number | undefined {
  const fields = statFields(`/proc/${pid}/stat`);
  return fields === undefined ? undefined : Number(fields[1]);
}

interface ProcessRow {
  id: number;
  parent: number;
  group: number;
}

function listProcesses(): ProcessRow[] {
  return processIds().flatMap((id) => {
    const fields = statFields(`/proc/${id}/stat`);
    return fields === undefined ? [] : [{ id, parent: Number(fields[1]), group: Number(fields[2]) }];
  });
}

/** Every process id; empty if there is no /proc. */
export function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The user of a process; undefined if it has exited. */
export function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/** The fields of a stat file from the state on; the command's name before it may contain blanks and brackets. */
function statFields(path: string): string[] | undefined {
  try {
    const text = readFileSync(path, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/**
 * How long these processes' threads have run or been runnable. A program that spins does one or the other all the time,
 * even on a busy machine; a program that waits for events does neither.
 *
 * @param pids process ids
 * @returns ms since their start; undefined if the system does not tell
 */
export function busyMs(pids: number[]): number | undefined {
  return sumOfThreads(pids, (ran, waited) => ran + waited);
}

/**
 * How long these processes' threads have run.
 *
 * @param pids process ids
 * @returns ms since their start; undefined if the system does not tell
 */
export function ranMs(pids: number[]): number | undefined {
  return sumOfThreads(pids, (ran) => ran);
}

/** See schedstat in the kernel's documentation of the scheduler: nanoseconds on a processor, and in the run queue. */
function sumOfThreads(pids: number[], time: (ran: number, waited: number) => number): number | undefined {
  let nanoseconds = 0;
  let seen = false;
  for (const pid of pids) {
    for (const task of tasksOf(pid)) {
      const [ran, waited] = readNumbers(`/proc/${pid}/task/${task}/schedstat`);
      if (ran === undefined || waited === undefined) continue;
      nanoseconds += time(ran, waited);
      seen = true;
    }
  }
  return seen ? nanoseconds / 1e6 : undefined;
}

/**
 * How long these processes' first threads have waited in the run queue: time that a busy machine took from them.
 *
 * @param pids process ids
 * @returns ms since their start; 0 if the system does not tell
 */
export function inLineMs(pids: number[]): number {
  const waited = pids.map((pid) => readNumbers(`/proc/${pid}/schedstat`)[1] ?? 0);
  return waited.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}

/** Whether a thread of these processes is waiting for a disk: state D, see proc(5). */
export function waitsForDisk(pids: number[]): boolean {
  return pids.some((pid) => tasksOf(pid).some((task) => statFields(`/proc/${pid}/task/${task}/stat`)?.[0] === 'D'));
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readNumbers(path: string): number[] {
  try {
    return readFileSync(path, 'latin1').trim().split(/\s+/).map(Number);
  } catch {
    return [];
  }
}

/** When a process was started, in clock ticks since the machine's start; undefined if the system does not tell. */
export function startTicks(pid: number): number | undefined {
  const ticks = Number(statFields(`/proc/${pid}/stat`)?.[19]);
  return Number.isNaN(ticks) ? undefined : ticks;
}

/** The kernel's letter for what a process does: R runs, S sleeps, Z is dead; undefined if the system does not tell. */
export function stateLetter(pid: number): string | undefined {
  return statFields(`/proc/${pid}/stat`)?.[0];
}

/**
 * Whether a process has closed all its descriptors: a dead process has, once only its first thread is left, which stays in
 * the process table until the parent waits for it.
 */
export function isGone(pid: number): boolean {
  const letter = stateLetter(pid);
  return letter === undefined || ((letter === 'Z' || letter === 'X') && tasksOf(pid).length <= 1);
}

/**
 * Whether a process catches or blocks a signal. A shell that waits for its child does not.
 *
 * @param number the signal's
 * @returns false if the system does not tell
 */
export function expectsSignal(pid: number, number: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    const masks = [...text.matchAll(/^Sig(?:Blk|Cgt):\s*([0-9a-f]+)$/gm)].map(([, mask]) => BigInt(`0x${mask}`));
    return masks.some((mask) => ((mask >> BigInt(number - 1)) & 1n) === 1n);
  } catch {
    return false;
  }
}

/** The file that a process runs; '' if the system does not tell. */
export function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}
