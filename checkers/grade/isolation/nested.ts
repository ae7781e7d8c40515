/**
 * A program in a user namespace may create nested ones, and mount uncounted memory there. This prevents it
 * where bubblewrap itself does not. See namespaces(7), max_user_namespaces.
 */
import { spawnSync } from 'node:child_process';

/** If the limit cannot be set, as with a read-only /proc, everything else still works. */
const LIMIT = 'echo "$0" 2>/dev/null > /proc/sys/user/max_user_namespaces; exec "$@"';
const WORDS = ['unshare', '--user', '--map-current-user', '--keep-caps', '--', 'sh', '-c', LIMIT];
/** bubblewrap refuses to start with capabilities. */
const WITHOUT_RIGHTS = ['setpriv', '--ambient-caps=-all', '--inh-caps=-all', '--'];
const TRIED_MS = 5000;

let works: boolean | undefined;

/**
 * A prefix of a launcher. It creates a namespace, sets its limit, and the launcher's own namespaces are nested in it, where the program
 * has no rights to change the limit.
 *
 * @param own how many user namespaces the launcher makes for itself; the program can make none
 * @returns an empty list if the prefix does not work here
 */
export function withoutNested(own: number): string[] {
  const [command = '', ...words] = [...WORDS, String(own), ...WITHOUT_RIGHTS];
  works ??= spawnSync(command, [...words, 'true'], { stdio: 'ignore', timeout: TRIED_MS }).status === 0;
  return works ? [command, ...words] : [];
}
