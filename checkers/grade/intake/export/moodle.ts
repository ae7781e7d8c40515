/**
 * Moodle: folders `Full name_ID_assignsubmission_file`, older ones with a `_` at the end, or one flat folder with
 * `Full name_ID_assignsubmission_file_proxy.ts`, as the teacher prefers. From `mod/assign/classes/downloader.php` of
 * moodle/moodle: the name has spaces for underscores, the id is the participant's number.
 */
import { join } from 'node:path';
import { type Attempt, emptyReading, isFolder, partsIn, type Reader } from './reading.ts';

const ENTRY =
  /^(?<name>[^_]+)(?:_(?<id>\d+))?_(?<what>assignsubmission|assignfeedback)_(?<plugin>[a-z]+)(?:_(?<file>.*))?$/su;

/** Reads 'Download all submissions' of a Moodle assignment. */
export const readMoodle: Reader = (folder, names) => {
  const reading = emptyReading();
  const attempts = new Map<string, Attempt>();
  for (const name of names) {
    const { name: student = '', id, what, plugin, file = '' } = ENTRY.exec(name)?.groups ?? {};
    if (what === undefined) continue;
    reading.known.add(name);
    if (what === 'assignfeedback') continue;
    const key = `${id ?? ''} ${student}`;
    const attempt = attempts.get(key) ?? attemptOf(id ?? student, student);
    attempts.set(key, attempt);
    const path = join(folder, name);
    if (plugin !== 'file') attempt.texts.push(name);
    else if (isFolder(path)) attempt.parts.push(...partsIn(path));
    else attempt.parts.push({ name: file === '' ? name : file, path });
  }
  reading.attempts.push(...attempts.values());
  return attempts.size === 0 ? null : reading;
};

function attemptOf(id: string, name: string): Attempt {
  return { id, name, also: [], at: null, order: 1, late: false, parts: [], texts: [] };
}
