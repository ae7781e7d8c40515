/** Ends a submission's program by its user, where no namespace does. */
import { lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from '../../harness/reaper.ts';
import { ownerOf, processIds } from '../../kernel/process-tree.ts';
import { removeFolder } from '../contract/own-folders.ts';
import { removeSharedOf } from './shared.ts';

/** A process may be forking while we look. */
const ROUNDS = 20;

/** World-writable folders. */
const PUBLIC = ['/tmp', '/var/tmp', '/dev/shm', tmpdir()];

/** Ends every process of a user, and removes their files from world-writable folders: a later submission may get the same user. */
export function sweepUser(user: number): void {
  for (let round = 0; round < ROUNDS && endOnce(user) > 0; round += 1);
  for (const path of new Set(PUBLIC).values()) for (const left of leftIn(path, user)) removeFolder(left);
  removeSharedOf(user);
}

function leftIn(folder: string, user: number): string[] {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    return paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === user);
  } catch {
    return [];
  }
}

function endOnce(user: number): number {
  const theirs = processIds().filter((pid) => ownerOf(pid) === user);
  for (const pid of theirs) kill(pid);
  return theirs.length;
}
