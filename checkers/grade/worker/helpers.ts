/** The helper programs that a submission started. The instructor decides whether that is allowed. */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { nameOf, plainName } from '../../harness/holder.ts';
import { findOnPath } from '../../harness/python.ts';
import { executableOf, ownerOf, processIds } from '../../kernel/process-tree.ts';

const LOOK_MS = 200;
const MAX_NAMED = 5;
/** The launchers between us and the program until it has started. */
const OURS = ['bwrap', 'unshare', 'setpriv', 'prlimit', 'sh'];

/**
 * Looks at the processes of a submission that is to be one file for Node.
 *
 * @param user that the program runs as; undefined: it is known by a process namespace of its own
 * @returns a function that stops looking, and says in a sentence what was seen; undefined: nothing
 */
export function watchHelpers(user: number | undefined): () => string | undefined {
  const own = [process.execPath, ...OURS.flatMap((name) => findOnPath(name) ?? [])].map((path) => realpathSync(path));
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of processIds().filter((id) => isTheirs(id, user))) {
      const path = executableOf(pid);
      if (!own.includes(path) && path !== '') seen.add(plainName(basename(path)) || nameOf(pid));
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    const names = [...seen].sort().slice(0, MAX_NAMED);
    return names.length === 0 ? undefined : `It used other programs: ${names.join(', ')}.`;
  };
}

function isTheirs(pid: number, user: number | undefined): boolean {
  return user === undefined ? isElsewhere(pid) : ownerOf(pid) === user;
}

/** Whether a process has a process namespace of its own, as programs of submissions have and we do not. */
export function isElsewhere(pid: number): boolean {
  const space = processSpaceOf(pid);
  return space !== undefined && space !== processSpaceOf(process.pid);
}

/** 'pid:[4026531836]'; undefined where the system does not tell, or the process is gone. */
function processSpaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
