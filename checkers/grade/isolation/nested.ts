/**
 * A program in a user namespace may make others below it, and mount there what nobody counts, such as memory. Here it is
 * kept from that where bubblewrap does not do so itself. See namespaces(7), max_user_namespaces.
 */
import { spawnSync } from 'node:child_process';

/** Where the limit cannot be set, as with a /proc that is read-only, all else holds. */
const LIMIT = 'echo "$0" 2>/dev/null > /proc/sys/user/max_user_namespaces; exec "$@"';
const WORDS = ['unshare', '--user', '--map-current-user', '--keep-caps', '--', 'sh', '-c', LIMIT];
/** bubblewrap refuses whoever brings rights along. */
const WITHOUT_RIGHTS = ['setpriv', '--ambient-caps=-all', '--inh-caps=-all', '--'];
const TRIED_MS = 5000;

let works: boolean | undefined;

/**
 * The words before a launcher. They make a namespace, set its limit, and the launcher's own are below it: there the program
 * has no rights to change the limit.
 *
 * @param own how many user namespaces the launcher makes for itself; the program can make none
 * @returns no words where they do not work
 */
export function withoutNested(own: number): string[] {
  const [command = '', ...words] = [...WORDS, String(own), ...WITHOUT_RIGHTS];
  works ??= spawnSync(command, [...words, 'true'], { stdio: 'ignore', timeout: TRIED_MS }).status === 0;
  return works ? [command, ...words] : [];
}
