/**
 * A submission may have many processes, and where all of them run at once they leave nothing to those beside it. Such a
 * crowd stands back: together it gets as much of a busy machine as a few programs would; of an idle one, all.
 *
 * The kernel shares processors between sessions first (sched(7), the autogroup feature) and then between the threads of
 * each, by what is called nice in both cases. A session of its own costs a program nothing, so both are set.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { ownerOf, processIds } from '../../kernel/process-tree.ts';
import { isElsewhere } from './helpers.ts';

const LOOK_MS = 200;
/** Fewer threads than this are no crowd, whatever they do. Five checks may be under way, and Node has a dozen. */
const MANY = 100;
/** So many of them that run at once are as much as anybody needs. */
const MOST_RUNNING = 24;
/** A crowd gets what so many threads would. */
const LIKE = 8;
/** Of two threads, the one whose nice is greater by 1 gets so much less. See sched(7). */
const STEP = 1.25;
const NICEST = 19;

/** A thread, and what the kernel says of it. */
interface Thread {
  pid: number;
  id: number;
  nice: number;
}

/**
 * Looks again and again whether there is a crowd, and has it stand back.
 *
 * @param user whose processes these are; undefined: they are known by a process namespace of their own
 * @returns a function that stops looking
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
  if (running.length <= MOST_RUNNING) return;
  const nice = niceFor(running.length);
  for (const thread of running) if (thread.nice < nice) makeNice(thread.id, nice);
  for (const pid of new Set(running.map((thread) => thread.pid))) makeSessionNice(pid, nice);
}

/** What each of so many has to be, for all to get what LIKE would. */
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
    // It is gone, as most of such a crowd soon are.
  }
}

/** Not more often than ten times a second, says the kernel; whoever is not heard now is heard at the next look. */
function makeSessionNice(pid: number, nice: number): void {
  const path = `/proc/${pid}/autogroup`;
  try {
    const now = Number(/nice (-?\d+)/.exec(readFileSync(path, 'latin1'))?.[1] ?? NICEST);
    if (now < nice) writeFileSync(path, String(nice));
  } catch {
    // The kernel has no such sessions, the process is gone, or it is too early.
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
