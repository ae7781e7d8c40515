/** The end of a submission's program where no namespace ends it: by the user that it ran as. */
import { statSync } from 'node:fs';
import { kill } from '../../lab/guardian.ts';
import { processIds } from '../../lab/process-tree.ts';

/** A process may be forking while we look. */
const ROUNDS = 20;

/** Ends every process of a user. */
export function sweepUser(user: number): void {
  for (let round = 0; round < ROUNDS && endOnce(user) > 0; round += 1);
}

function endOnce(user: number): number {
  const theirs = processIds().filter((pid) => ownerOf(pid) === user);
  for (const pid of theirs) kill(pid);
  return theirs.length;
}

function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}
