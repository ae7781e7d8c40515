/** Finds the submissions: one for each folder, archive, bundle or file, or for each line of the roster. */
import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Submission } from '../submission.ts';
import { kindOfFile, withoutEnding } from './kind.ts';
import { type RosterRow, readRoster } from './roster.ts';

/** Why there is nothing to grade; the message says what to type. */
export class NoSubmissions extends Error {}

/** Folders beside submissions that are none. */
const NONE = /^(\..*|__MACOSX|desktop\.ini|thumbs\.db)$/i;
/** The same for files. */
const NO_FILE = /^(.*\.csv|grades\.xlsx?|rubric.*\.json|readme.*)$/i;

/**
 * Everything that was handed in, in order of the students' ids.
 *
 * @param folder where it lies
 * @param roster path of a class list; hand-ins of students who are not in it are included
 * @throws NoSubmissions when the folder cannot be read or is empty, RosterError when the list makes no sense
 */
export async function findSubmissions(folder: string, roster?: string | null): Promise<Submission[]> {
  const place = resolve(folder);
  const found = entriesOf(place).map((name) => submissionAt(place, name));
  const rows = roster ? readRoster(roster) : [];
  const meant = whoseIsWhat(rows, found);
  const listed = rows.map((row) => listedSubmission(row, place, meant));
  const taken = new Set(listed.map(({ path }) => path));
  const all = [...listed, ...found.filter(({ path }) => !taken.has(path) && !contains(path, taken))];
  if (all.length === 0)
    throw new NoSubmissions(
      `There is nothing to grade in ${folder}: a folder, an archive or a file for each student was expected.`,
    );
  return withUniqueIds(all).toSorted(byId);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !isByTheWay(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new NoSubmissions(`There is no folder ${folder}.`);
    if (code === 'ENOTDIR') throw new NoSubmissions(`${folder} is a file; a folder with the submissions was expected.`);
    throw new NoSubmissions(`${folder} cannot be read: ${(error as Error).message}.`);
  }
}

function isByTheWay(folder: string, name: string): boolean {
  return NONE.test(name) || (NO_FILE.test(name) && kindOf(join(folder, name)) !== 'folder');
}

/** The name gives the student's id; the content gives the kind of file. */
function submissionAt(folder: string, name: string): Submission {
  const path = join(folder, name);
  const kind = kindOf(path);
  const id = kind === 'folder' ? name : withoutEnding(name);
  return { student: { id, name: id }, path, kind, submittedAt: null };
}

function kindOf(path: string): Submission['kind'] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'missing';
  return status.isDirectory() ? 'folder' : kindOfFile(path);
}

function listedSubmission(
  { id, name, path, submittedAt }: RosterRow,
  folder: string,
  meant: Map<string, Submission>,
): Submission {
  const place = path === null ? (meant.get(id)?.path ?? join(folder, id)) : join(folder, path);
  return { student: { id, name }, path: place, kind: kindOf(place), submittedAt };
}

/**
 * Assigns hand-ins to the ids of the list. Systems change case and decompose accents; such a match
 * counts if it is unambiguous.
 */
function whoseIsWhat(rows: RosterRow[], found: Submission[]): Map<string, Submission> {
  const byIds = new Map(found.map((one) => [one.student.id, one]).reverse() as [string, Submission][]);
  const open = rows.filter(({ id, path }) => path === null && !byIds.has(id)).map(({ id }) => id);
  const left = found.filter(({ student }) => !rows.some(({ id }) => id === student.id));
  for (const id of open) {
    const same = left.filter(({ student }) => alike(student.id) === alike(id));
    const [only] = same;
    const others = rows.filter((row) => alike(row.id) === alike(id));
    if (only !== undefined && same.length === 1 && others.length === 1) byIds.set(id, only);
  }
  return byIds;
}

function alike(id: string): string {
  return id.normalize('NFKC').toLowerCase();
}

/** If the list has 'alice/proxy.ts', 'alice/' is not another hand-in. */
function contains(folder: string, paths: Set<string>): boolean {
  return [...paths].some((path) => path.startsWith(`${folder}/`));
}

/** 'alice' and 'alice.zip' are two hand-ins, and either could count, so the second is graded under its full name. */
function withUniqueIds(submissions: Submission[]): Submission[] {
  const seen = new Set<string>();
  return submissions.map((submission) => {
    const { student, path } = submission;
    const full = path.slice(path.lastIndexOf('/') + 1);
    let id = seen.has(student.id) ? full : student.id;
    for (let number = 2; seen.has(id); number += 1) id = `${full} (${number})`;
    seen.add(id);
    return id === student.id ? submission : { ...submission, student: { id, name: id } };
  });
}

/** The same order on every machine, independent of the locale. */
function byId({ student: one }: Submission, { student: other }: Submission): number {
  return one.id < other.id ? -1 : Number(one.id > other.id);
}
