/** The end of a submission's program where no namespace ends it: by the user that it ran as. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from '../../lab/guardian.ts';
import { processIds } from '../../lab/process-tree.ts';

/** A process may be forking while we look. */
const ROUNDS = 20;

/** Where everybody may write. */
const PUBLIC = ['/tmp', '/var/tmp', '/dev/shm', tmpdir()];

/** Ends every process of a user, and removes what they left where everybody may write: a later one may be this user. */
export function sweepUser(user: number): void {
  for (let round = 0; round < ROUNDS && endOnce(user) > 0; round += 1);
  for (const path of new Set(PUBLIC).values()) for (const left of leftIn(path, user)) remove(left);
  removeShared(user);
}

/** Kinds of System V IPC, as /proc/sysvipc and ipcrm(1) name them; in a namespace of its own nobody finds them anyway. */
const SHARED = { shm: '--shmem-id', sem: '--semaphore-id', msg: '--queue-id' };

/** Shared memory, semaphores and queues outlive the process that made them. See sysvipc(7). */
function removeShared(user: number): void {
  for (const [kind, flag] of Object.entries(SHARED)) {
    for (const id of sharedBy(user, kind)) spawnSync('ipcrm', [flag, id], { stdio: 'ignore' });
  }
}

/** Ids of what a user has made. The columns of the table differ from kind to kind, and are named in its first line. */
function sharedBy(user: number, kind: string): string[] {
  const [head = [], ...rows] = tableOf(`/proc/sysvipc/${kind}`);
  const [id, owner, maker] = [`${kind === 'msg' ? 'msq' : kind}id`, 'uid', 'cuid'].map((name) => head.indexOf(name));
  const theirs = rows.filter((row) => [owner, maker].some((at = -1) => row[at] === String(user)));
  return theirs.flatMap((row) => row[id ?? -1] ?? []);
}

function tableOf(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'latin1').trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

function leftIn(folder: string, user: number): string[] {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    return paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === user);
  } catch {
    return [];
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Not ours to remove after all, or gone.
  }
}

function endOnce(user: number): number {
  const theirs = processIds().filter((pid) => ownerOf(pid) === user);
  for (const pid of theirs) kill(pid);
  return theirs.length;
}

function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}
