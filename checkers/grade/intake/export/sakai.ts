/**
 * Sakai: a folder `Last, First(login)` for each student with `Submission attachment(s)/`, `timestamp.txt`, `comments.txt` and
 * texts; `grades.csv` or `grades.xls` at the top. The time is in UTC: 20261001183000000.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, emptyReading, isFolder, namesIn, partsIn, type Reader } from './reading.ts';

const ATTACHMENTS = 'Submission attachment(s)';
const STUDENT = /^(?<name>.*)\((?<login>[^()]+)\)$/s;
const FLAT = /^(?<name>.*)\((?<login>[^()]+)\)_Submission attachment\(s\)_(?<file>.+)$/s;
const OWN = /^(grades\.(csv|xlsx?)|feedback attachment\(s\)|timestamp\.txt|comments\.txt)$/i;

/** Reads 'Download All' of a Sakai assignment. */
export const readSakai: Reader = (folder, names) => {
  const reading = emptyReading();
  const flat = new Map<string, Attempt>();
  for (const name of names) {
    const { name: student = '', login, file } = FLAT.exec(name)?.groups ?? STUDENT.exec(name)?.groups ?? {};
    if (login === undefined) continue;
    const path = join(folder, name);
    if (file !== undefined) {
      const attempt = flat.get(login) ?? attemptOf(login, student);
      flat.set(login, attempt);
      attempt.parts.push({ name: file, path });
    } else if (isFolder(path) && isStudents(path)) reading.attempts.push(attemptIn(path, login, student));
    else continue;
    reading.known.add(name);
  }
  reading.attempts.push(...flat.values());
  for (const name of names) if (OWN.test(name)) reading.known.add(name);
  return reading.attempts.length === 0 ? null : reading;
};

function isStudents(path: string): boolean {
  const inside = namesIn(path);
  return inside.includes(ATTACHMENTS) || inside.includes('timestamp.txt');
}

function attemptIn(path: string, login: string, student: string): Attempt {
  const texts = namesIn(path).filter((name) => /submissionText\.html$/i.test(name));
  const parts = partsIn(join(path, ATTACHMENTS));
  return { ...attemptOf(login, student), at: timeIn(join(path, 'timestamp.txt')), parts, texts };
}

function attemptOf(id: string, student: string): Attempt {
  const [last = '', first = ''] = student.split(/,\s*/);
  const name = first === '' ? last : `${first} ${last}`;
  return { id, name: name || id, also: [student], at: null, order: 1, late: false, parts: [], texts: [] };
}

function timeIn(path: string): string | null {
  try {
    const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(readFileSync(path, 'utf8').trim()) ?? [];
    const [year, month, day, hour, minute, second] = parts;
    return second === undefined ? null : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  } catch {
    return null;
  }
}
