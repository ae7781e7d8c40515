/** Processes that a program left in the background when its first one exited, as a daemon does. */
import { readFileSync } from 'node:fs';
import { isGone, processIds } from '../kernel/process-tree.ts';

/** The environment variable that marks the processes of one program; those of a whole run share another mark. */
export const PROGRAM_MARK = 'WORKSHOP_PROGRAM';

/** How often to look whether they still run, in ms. */
export const BACKGROUND_LOOK_MS = 25;

/** A daemon forks twice: one look may see neither the second process, which has exited, nor the third one, which is new. */
const LOOKS = 3;

/** The living processes that carry a program's mark; empty if the system does not tell. Slow, since it looks at all processes. */
export function markedProcesses(mark: string): number[] {
  for (let look = 0; look < LOOKS; look += 1) {
    const found = processIds().filter((pid) => environmentOf(pid).includes(`${PROGRAM_MARK}=${mark}`) && !isGone(pid));
    if (found.length > 0) return found;
  }
  return [];
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
