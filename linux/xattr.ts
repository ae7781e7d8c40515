/** Extended attributes of files: for the checkers, who ask the kernel for the protocol of a socket. */
import { createRequire } from 'node:module';

type GetXattr = (path: string, name: string, value: Buffer, size: number) => number;

let getxattr: GetXattr | undefined;
let asked = false;

/**
 * getxattr(2), loaded at the first call: unlike the other system calls it is asked for on systems where koffi does not load.
 *
 * @returns the function: bytes of the value, -1 on failure; undefined where koffi does not load
 */
export function loadGetxattr(): GetXattr | undefined {
  if (asked) return getxattr;
  asked = true;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    getxattr = koffi
      .load(null)
      .func('intptr_t getxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)') as GetXattr;
  } catch {
    // The tables in /proc/net will do.
  }
  return getxattr;
}
