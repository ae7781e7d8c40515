/** Makes submissions and their programs readable to other users, regardless of the umask or the source's mode. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets every user read a file, or all that is in a folder; what its owner may run, all may run. Follows no links.
 *
 * @param path in a folder of our own; a missing path is ignored
 */
export function makeReadable(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    chmodSync(path, (status.mode & 0o777) | 0o755);
    for (const name of readdirSync(path)) makeReadable(join(path, name));
  } else if (status?.isFile()) {
    chmodSync(path, (status.mode & 0o777) | 0o644 | (status.mode & 0o100 ? 0o111 : 0));
  }
}
