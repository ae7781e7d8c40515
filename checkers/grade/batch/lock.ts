/** One grader at a time in a results folder. A killed grader holds no lock. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BatchError } from '../contract/batch-error.ts';
import { inWords } from '../contract/durable.ts';

/** Who holds a lock. */
interface Holder {
  host: string;
  pid: number;
  /** start time of the process, from /proc: process ids are reused */
  began: string | null;
}

const ATTEMPTS = 5;

/** The lock's file in a folder. */
export function lockPath(folder: string): string {
  return join(folder, 'lock');
}

/**
 * Takes the lock of a folder.
 *
 * @returns gives it back
 * @throws BatchError when another living process has it
 */
export function lockFolder(folder: string): () => void {
  const path = lockPath(folder);
  const own = join(folder, `.lock.${process.pid}.${randomBytes(4).toString('hex')}.unfinished`);
  try {
    // link(2) is atomic and never overwrites: no reader finds a partial lock.
    writeFileSync(own, JSON.stringify(ourselves()));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (linked(own, path)) return () => release(path);
      removeStale(path);
    }
  } catch (error) {
    throw inWords(error, path);
  } finally {
    rmSync(own, { force: true });
  }
  throw new BatchError(`Others keep taking ${path}. Look which graders are running, and try again.`);
}

/** The current holder of the lock; undefined: no living process. */
export function holderOf(folder: string): { host: string; pid: number } | undefined {
  const holder = read(lockPath(folder));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's lock away. Two graders may try this at once: one that moved a living holder's lock puts it back. */
function removeStale(path: string): void {
  const holder = read(path);
  if (holder !== undefined && isAlive(holder)) throw new BatchError(held(path, holder));
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && isAlive(moved)) linked(aside, path);
  rmSync(aside, { force: true });
}

function held(path: string, { host, pid }: Holder): string {
  const who = `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
  const otherHost = host === hostname() ? '' : ` If it is not running there any more, delete ${path}.`;
  return `Another grader is writing into this folder (${who}). Wait for it, or name another folder with: results FOLDER.${otherHost}`;
}

function release(path: string): void {
  const holder = read(path);
  if (holder?.pid === process.pid && holder.host === hostname()) rmSync(path, { force: true });
}

/** undefined: there is no lock, or it is damaged and names no holder. */
function read(path: string): Holder | undefined {
  try {
    const { host, pid, began } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    if (typeof host !== 'string' || typeof pid !== 'number') return undefined;
    return { host, pid, began: began ?? null };
  } catch {
    return undefined;
  }
}

/** A process on another machine cannot be checked, so it counts as alive. */
function isAlive({ host, pid, began }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = beginningOf(pid);
  return began === null || now === null || began === now;
}

function ourselves(): Holder {
  return { host: hostname(), pid: process.pid, began: beginningOf(process.pid) };
}

/** Field 22 of /proc/PID/stat; the name in field 2 may contain any character. A zombie has ended; null: not available. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
