/** Drops privileges: root runs an untrusted program as an unprivileged user. See setpriv(1). */
import { ownerOf, processIds } from '../../kernel/process-tree.ts';

/** An unprivileged user that owns no files. */
export const NOBODY = 65_534;

/** systemd's range for dynamic users. */
const FIRST = 61_184;
const COUNT = 4335;

const taken = new Set<number>();

/**
 * A user for the programs of one worker, so that two submissions cannot even signal each other. It stays reserved until
 * given back, and no process of the machine runs as this user now.
 */
export function takeUser(): number {
  const running = new Set(processIds().map(ownerOf));
  // Several graders on one machine begin at different ids.
  for (let step = 0; step < COUNT; step += 1) {
    const user = FIRST + ((process.pid * 37 + step) % COUNT);
    if (taken.has(user) || running.has(user)) continue;
    taken.add(user);
    return user;
  }
  throw new Error('all users for the programs of submissions are taken');
}

/** Whether takeUser() has handed this user out. */
export function isTaken(user: number): boolean {
  return taken.has(user);
}

export function giveUserBack(user: number): void {
  taken.delete(user);
}

/** The command prefix that switches to this user for good. */
export function withoutRights(user: number): string[] {
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', '--'],
  ];
}
