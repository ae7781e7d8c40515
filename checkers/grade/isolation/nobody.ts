/** Becoming somebody without rights: what root does with a program that it does not trust. See setpriv(1). */
import { ownerOf, processIds } from '../../kernel/process-tree.ts';

/** Owns nothing anywhere. */
export const NOBODY = 65_534;

/** systemd's range for users that exist only as long as a process. */
const FIRST = 61_184;
const COUNT = 4335;

const taken = new Set<number>();

/**
 * A user for the programs of one worker, so that two submissions cannot even signal each other. It is nobody else's until
 * it is given back, and no process of the machine runs as this user now.
 */
export function takeUser(): number {
  const running = new Set(processIds().map(ownerOf));
  // Several graders on one machine begin at different places.
  for (let step = 0; step < COUNT; step += 1) {
    const user = FIRST + ((process.pid * 37 + step) % COUNT);
    if (taken.has(user) || running.has(user)) continue;
    taken.add(user);
    return user;
  }
  throw new Error('all users for the programs of submissions are taken');
}

/** Whether this user is somebody's now who was given it here. */
export function isTaken(user: number): boolean {
  return taken.has(user);
}

export function giveUserBack(user: number): void {
  taken.delete(user);
}

/** The words before a command that is to run as this user, and never as anybody else again. */
export function withoutRights(user: number): string[] {
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', '--'],
  ];
}
