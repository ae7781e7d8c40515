/** Becoming somebody without rights: what root does with a program that it does not trust. See setpriv(1). */

/** Owns nothing anywhere. */
export const NOBODY = 65_534;

/** systemd's range for users that exist only as long as a process. */
const FIRST = 61_184;
const COUNT = 4335;

/** A user for the program of one worker, so that two submissions cannot even signal each other. */
export function passingUser(worker: number): number {
  return FIRST + (worker % COUNT);
}

/** The words before a command that is to run as this user, and never as anybody else again. */
export function withoutRights(user: number): string[] {
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', '--'],
  ];
}
