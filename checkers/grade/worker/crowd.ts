/**
 * A submission may have many processes, and if all of them run at once they starve the submissions beside it. Such a
 * crowd gets a lower priority: on a busy machine the share of a few programs, on an idle one everything.
 *
 * The kernel divides processors between sessions first (sched(7), the autogroup feature) and then between the threads of
 * each, by a nice value in both cases. A program can easily create a session, so both are set.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { ownerOf, processIds } from '../../kernel/process-tree.ts';
import { isElsewhere } from './helpers.ts';

const LOOK_MS = 200;
/** Fewer threads than this are never a crowd. Five checks may run at once, and Node has a dozen threads. */
const MANY = 100;
/** No honest program needs more threads that run at once. */
const MAX_RUNNING = 24;
/** A crowd gets the share of this many threads. */
const LIKE = 8;
/** Raising nice by 1 divides a thread's share by this. See sched(7). */
const STEP = 1.25;
const NICEST = 19;

/** A thread, and what the kernel says of it. */
interface Thread {
  pid: number;
  id: number;
  nice: number;
}

/**
 * Watches for a crowd, and lowers its priority.
 *
 * @param user the user of the submission's processes; undefined: they have their own process namespace
 * @returns a function that stops watching
 */
export function watchCrowd(user?: number): () => void {
  const timer = setInterval(() => look(user), LOOK_MS);
  return () => clearInterval(timer);
}

function look(user: number | undefined): void {
  const pids = processIds();
  const counts = pids.map((pid) => Number(fields(`/proc/${pid}/stat`)[17] ?? 0));
  if (counts.reduce((sum, count) => sum + count, 0) < MANY) return;
  const theirs = pids.filter((pid) => (user === undefined ? isElsewhere(pid) : ownerOf(pid) === user));
  const running = theirs.flatMap(runningThreads);
  if (running.length <= MAX_RUNNING) return;
  const nice = niceFor(running.length);
  for (const thread of running) if (thread.nice < nice) makeNice(thread.id, nice);
  for (const pid of new Set(running.map((thread) => thread.pid))) makeSessionNice(pid, nice);
}

/** The nice value at which this many threads together get the share of LIKE threads. */
export function niceFor(running: number): number {
  const nice = Math.ceil(Math.log(running / LIKE) / Math.log(STEP));
  return Math.max(0, Math.min(nice, NICEST));
}

function runningThreads(pid: number): Thread[] {
  return tasksOf(pid).flatMap((id) => {
    const [state, ...rest] = fields(`/proc/${pid}/task/${id}/stat`);
    return state === 'R' ? [{ pid, id, nice: Number(rest[15]) }] : [];
  });
}

function makeNice(id: number, nice: number): void {
  try {
    setPriority(id, nice);
  } catch {
    // It has exited, as most of a crowd soon do.
  }
}

/** The kernel limits this to ten times a second; a refused change is repeated at the next look. */
function makeSessionNice(pid: number, nice: number): void {
  const path = `/proc/${pid}/autogroup`;
  try {
    const now = Number(/nice (-?\d+)/.exec(readFileSync(path, 'latin1'))?.[1] ?? NICEST);
    if (now < nice) writeFileSync(path, String(nice));
  } catch {
    // The kernel lacks autogroups, the process has exited, or it is too early.
  }
}

function tasksOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** The fields of a stat file from the state on. See proc(5). */
function fields(path: string): string[] {
  try {
    const text = readFileSync(path, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
