/** Waits until nothing of a submission runs any more. A process that outlived its judge could write over the mark. */
import { readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isGone, ownerOf, processIds, processTree } from '../../kernel/process-tree.ts';

/** SIGKILL takes effect at once; a machine that swaps, or a core dump under way, can take seconds. */
const LIMIT_MS = 30_000;
const LOOK_MS = 20;

/** A process of a submission could not be ended: what it does to the result is not known. */
export class Survivors extends Error {
  constructor(pids: number[]) {
    super(`processes of the submission could not be ended (${pids.join(', ')}), so its result cannot be trusted`);
  }
}

/** The process namespaces below a process, apart from our own: all that starts in there stays in there. */
export function processSpacesBelow(pid: number): Set<string> {
  const own = spaceOf(process.pid);
  const spaces = processTree(pid).map(spaceOf);
  return new Set(spaces.filter((space) => space !== undefined && space !== own) as string[]);
}

/** The processes that run in some namespaces, or as a user. */
export function running({ spaces, user }: { spaces?: Set<string>; user?: number }): number[] {
  return processIds().filter((pid) => {
    const space = spaces === undefined || spaces.size === 0 ? undefined : spaceOf(pid);
    const theirs = (space !== undefined && spaces?.has(space)) || (user !== undefined && ownerOf(pid) === user);
    // Its parent may not have waited for it: a dead process changes nothing.
    return theirs && !isGone(pid);
  });
}

/**
 * Returns when there are none left. They have been killed before.
 *
 * @throws Survivors when some do not end
 */
export async function untilNone(look: () => number[], limitMs = LIMIT_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let left = look(); left.length > 0; left = look()) {
    if (performance.now() > deadline) throw new Survivors(left);
    await pause(LOOK_MS);
  }
}

/** 'pid:[4026531836]'; undefined where the system does not tell, or the process is gone. */
function spaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
