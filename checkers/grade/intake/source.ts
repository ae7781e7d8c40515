/** Reads the stage's file, and says in a sentence what is wrong with it. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { inWords, MAX_SOURCE_BYTES, Refused, shown } from '../contract/limits.ts';

/**
 * The bytes of a source file.
 *
 * @param path where it lies
 * @param name how to call it
 * @throws Refused when it cannot be a program's source
 */
export function readSource(path: string, name: string): Buffer {
  const bytes = readRegular(path, name);
  if (bytes.length === 0) throw refusal(name, 'is empty');
  if (isUtf16(bytes)) throw refusal(name, 'is text in UTF-16; save it in UTF-8, as editors do by default');
  if (bytes.includes(0)) throw refusal(name, 'is not text: it has bytes that are zero');
  return bytes;
}

/** Whether all of it is UTF-8. The compiler reads other bytes as U+FFFD, here as on the learner's machine. */
export function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Tools on Windows write UTF-16 with a byte order mark. */
function isUtf16(bytes: Buffer): boolean {
  const [one, two] = bytes;
  return (one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff);
}

/** Opened without following a link and without waiting, as it may have changed since we looked. */
function readRegular(path: string, name: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw refusal(name, 'is not a file');
    if (status.size > MAX_SOURCE_BYTES) {
      throw new Refused(
        `${shown(name)} has ${inWords(status.size)}; a program of this course needs at most ${inWords(MAX_SOURCE_BYTES)}.`,
      );
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function refusal(name: string, what: string): Refused {
  return new Refused(`${shown(name)} ${what}.`);
}
