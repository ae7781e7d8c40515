/** Reads the one file that counts, and says what is wrong with it in a sentence. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { inWords, MOST_SOURCE_BYTES, Refused, shown } from './limits.ts';

/**
 * The bytes of a source file.
 *
 * @param path where it lies
 * @param name how to call it
 * @throws Refused when it cannot be a program's source
 */
export function readSource(path: string, name: string): Buffer {
  const bytes = readRegular(path, name);
  if (bytes.length === 0) throw new Refused(`${shown(name)} is empty.`);
  if (bytes.includes(0)) throw new Refused(`${shown(name)} is not text: it has bytes that are zero.`);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(`${shown(name)} is not text in UTF-8.`);
  }
  return bytes;
}

/** Opened without following a link and without waiting, as it may have changed since we looked. */
function readRegular(path: string, name: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new Refused(`${shown(name)} is not a file.`);
    if (status.size > MOST_SOURCE_BYTES) {
      throw new Refused(
        `${shown(name)} has ${inWords(status.size)}; a program of this course needs at most ${inWords(MOST_SOURCE_BYTES)}.`,
      );
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
