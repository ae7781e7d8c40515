/** The end of a submission's program where no namespace ends it: by the user that it ran as. */
import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
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
