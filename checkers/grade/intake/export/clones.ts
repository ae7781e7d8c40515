/**
 * Clones of students' repositories: Classroom 50 (`classroom-assignment-login`, with `.classroom50.yaml`) and GitHub
 * Classroom (`gh classroom clone student-repos` makes `assignment-submissions/assignment-login`). A commit has the time that
 * the student's machine says, so it is not taken for the time of the hand-in.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { emptyReading, namesIn, type Reader } from './reading.ts';

const MARKER = '.classroom50.yaml';
/** With fewer repositories, what their names begin with may also be the beginning of all logins. */
const ENOUGH = 3;

/** Reads clones of Classroom 50. */
export const readClassroom50: Reader = (folder, names) => {
  const marked = names.filter((name) => namesIn(join(folder, name)).includes(MARKER));
  if (marked.length === 0) return null;
  const prefixes = new Map(marked.map((name) => [name, prefixIn(join(folder, name, MARKER))]));
  const usual = sharedPrefix(marked);
  return clones(folder, marked, (name) => {
    const prefix = prefixes.get(name) ?? null;
    return prefix !== null && name.startsWith(prefix) ? prefix : usual;
  });
};

/** Reads clones of GitHub Classroom. */
export const readGithubClassroom: Reader = (folder, names) => {
  const repositories = names.filter((name) => namesIn(join(folder, name)).includes('.git'));
  const [, assignment] = /^(.+)-submissions$/.exec(basename(folder)) ?? [];
  const prefix =
    assignment !== undefined && repositories.every((name) => name.startsWith(`${assignment}-`))
      ? `${assignment}-`
      : sharedPrefix(repositories);
  return repositories.length === 0 || prefix === '' ? null : clones(folder, repositories, () => prefix);
};

function clones(folder: string, names: string[], prefixOf: (name: string) => string) {
  const reading = emptyReading();
  for (const name of names) {
    const prefix = prefixOf(name);
    const id = name.length > prefix.length ? name.slice(prefix.length) : name;
    const parts = [{ name: '', path: join(folder, name) }];
    reading.attempts.push({ id, name: id, also: [name], at: null, order: 1, late: false, parts, texts: [] });
    reading.known.add(name);
  }
  return reading;
}

/** 'classroom-assignment-', as the repository's own marker says; null where it does not. */
function prefixIn(path: string): string | null {
  try {
    const { classroom, assignment } = parse(readFileSync(path, 'utf8'), { logLevel: 'silent' }) ?? {};
    return classroom && assignment ? `${classroom}-${assignment}-` : null;
  } catch {
    return null;
  }
}

/** The beginning that all names share, to its last hyphen; empty where too few names could show it. */
function sharedPrefix(names: string[]): string {
  const [first = '', ...others] = names.filter((name) => name.includes('-'));
  if (others.length + 1 < ENOUGH || others.length + 1 < names.length) return '';
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
}
