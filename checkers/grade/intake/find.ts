/** Finds the submissions: one for each folder, archive, bundle or file, or for each line of the roster. */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { shown } from '../contract/limits.ts';
import type { Submission } from '../contract/submission.ts';
import { type Export, readExport } from './export/export.ts';
import { filesIn } from './export/files.ts';
import { type Students, studentsOf } from './export/students.ts';
import { shared, type Team } from './groups.ts';
import { kindOfFile, withoutEnding } from './kind.ts';
import { type Claim, isNamed, matched, nearestRows } from './match.ts';
import { type RosterRow, readRoster } from './roster.ts';
import { zoneHere } from './zone.ts';

/** Why there is nothing to grade; the message says what to type. */
export class NoSubmissions extends Error {}

/** Folders beside submissions that are none. */
const NONE = /^(\..*|__MACOSX|desktop\.ini|thumbs\.db)$/i;
/** The same for files. */
const NO_FILE = /^(.*\.csv|grades\.xlsx?|rubric.*\.json|readme.*)$/i;

/** How a class was handed in. */
export interface TakenIn {
  /** the platform whose export it is; null: a plain folder */
  system: string | null;
  /** in order of the students' ids */
  submissions: Submission[];
  /** handed in, older attempts included */
  files: number;
  /** marked late by the platform; for the others the deadline decides */
  late: Set<string>;
  /** ids of hand-ins of students who are not on the list, and whom of the list each may mean */
  unlisted: { id: string; name: string; near: string[] }[];
  /** students of whom only the newest of several attempts counts */
  newest: number;
  /** one sentence each, for the instructor */
  told: string[];
}

/** What to take in. */
export interface Source {
  /** path of a class list; hand-ins of students who are not in it are included */
  roster?: string | null;
  /** the zone of times in an export that have none; undefined: this machine's */
  zone?: string;
}

/**
 * Everything that was handed in, in order of the students' ids. See `takeIn`.
 *
 * @param folder where it lies
 * @param roster path of a class list
 */
export async function findSubmissions(folder: string, roster?: string | null): Promise<Submission[]> {
  return (await takeIn(folder, { roster })).submissions;
}

/**
 * Takes in a class: the export of a platform as it is, or a folder with an entry for each student.
 *
 * @throws NoSubmissions when the folder cannot be read or is empty, RosterError when the list makes no sense
 */
export async function takeIn(folder: string, { roster, zone = zoneHere() }: Source = {}): Promise<TakenIn> {
  const place = resolve(folder);
  const entries = entriesOf(place);
  const exported = readExport(place);
  const students = exported === null ? null : studentsOf(exported, zone);
  const around = exported?.folder ?? place;
  const plain = (exported === null ? entries : entriesOf(around).filter((name) => !exported.known.has(name))).map(
    (name) => submissionAt(around, name),
  );
  const alone: Claim[] = [...(students?.claims ?? []), ...plain.map((submission) => ({ submission, words: [] }))];
  const partners = (students?.claims ?? []).flatMap(partnersOf);
  const claims = [...alone, ...partners];
  const rows = roster ? readRoster(roster) : [];
  const meant = matched(rows, claims);
  const listed = rows.map((row) => listedSubmission(row, place, meant));
  const taken = new Set(rows.flatMap(({ path }) => (path === null ? [] : [join(place, path)])));
  const used = new Set(meant.values());
  const left = claims.filter(
    ({ submission }) => !used.has(submission) && !taken.has(submission.path) && !contains(submission.path, taken),
  );
  const teams = teamsOf(rows, left);
  const ofTeams = new Set(teams.map(({ own }) => own));
  const rest = left.filter(({ submission }) => !ofTeams.has(submission));
  const each = withUniqueIds([...listed, ...rest.map(({ submission }) => submission)]).toSorted(byId);
  const { submissions: all, told } = shared(each, [...teams, ...platformTeams(partners, each, rows)]);
  if (all.length === 0)
    throw new NoSubmissions(
      `There is nothing to grade in ${folder}: a folder, an archive or a file for each student was expected.`,
    );
  const lateOnes = new Set(students?.claims.flatMap(({ late, submission }) => (late ? [submission.path] : [])));
  const strangers = new Set(rest.map(({ submission }) => submission.path));
  const unlisted = rows.length === 0 ? [] : rest.map((claim) => unlistedOf(claim, rows, meant));
  const late = new Set(all.flatMap(({ student, path }) => (lateOnes.has(path) ? [student.id] : [])));
  return {
    system: exported?.system ?? null,
    submissions: all.map((one) => {
      const noted = late.has(one.student.id) ? withLateNote(one, exported?.system ?? '') : one;
      return strangers.has(one.path) && rows.length > 0
        ? withNote(noted, 'The student is not on the class list.')
        : noted;
    }),
    files:
      (exported?.attempts ?? []).reduce((sum, { parts }) => sum + filesIn(parts), 0) + older(exported) + filesIn(plain),
    late,
    unlisted,
    newest: students?.newest ?? 0,
    told: [
      ...(students?.told ?? []),
      ...told,
      ...unlisted.map(strangerTold),
      ...(exported === null ? [] : plain.map(({ path }) => besideExport(path, exported.system))),
    ],
  };
}

/** A hand-in of several students is the hand-in of each. */
function partnersOf({ submission, partners }: Students['claims'][number]): Claim[] {
  return partners.map(({ id, name, also }) => ({ submission: { ...submission, student: { id, name } }, words: also }));
}

/** The groups of the list, and what a platform exported under a group's name. */
function teamsOf(rows: RosterRow[], left: Claim[]): Team[] {
  const names = [...new Set(rows.flatMap(({ group }) => group ?? []))];
  return names.map((name) => {
    const ids = rows.flatMap(({ id, group }) => (group === name ? [id] : []));
    const own = left.filter(({ submission }) => isNamed(submission.student.name, name));
    return { name, ids, ...(own.length === 1 && { own: own[0]?.submission }) };
  });
}

/** Students whom the platform says to have handed in together, and whom the list puts into no group. */
function platformTeams(partners: Claim[], all: Submission[], rows: RosterRow[]): Team[] {
  const listed = new Set(rows.flatMap(({ id, group }) => (group === null ? [] : [id])));
  return [...new Set(partners.map(({ submission }) => submission.path))].flatMap((path) => {
    const members = all.filter((one) => one.path === path && !listed.has(one.student.id));
    const name = members.map(({ student }) => student.name).join(' and ');
    return members.length < 2 ? [] : [{ name, ids: members.map(({ student }) => student.id) }];
  });
}

/** Without a time, nothing can say what it costs. */
function withLateNote(submission: Submission, system: string): Submission {
  if (submission.submittedAt !== null) return submission;
  return withNote(submission, `${system} marked it late, and its export does not say by how much.`);
}

function withNote(submission: Submission, note: string): Submission {
  return { ...submission, notes: [...(submission.notes ?? []), note] };
}

function strangerTold({ id, name, near }: TakenIn['unlisted'][number]): string {
  const who = shown(id === name ? id : `${name} (${id})`);
  return `${who} is not on the list.${near.length > 0 ? ` Nearest: ${near.join(', ')}.` : ''}`;
}

function older(exported: Export | null): number {
  return (exported?.older ?? []).reduce((sum, { files }) => sum + files, 0);
}

function besideExport(path: string, system: string): string {
  return `${shown(basename(path))} is not named as ${system} names files: it counts as the hand-in of one more student.`;
}

function unlistedOf({ submission, words }: Claim, rows: RosterRow[], meant: Map<string, Submission>) {
  const free = rows.filter(({ id }) => !meant.has(id));
  const near = nearestRows({ submission, words }, free.length > 0 ? free : rows);
  return { ...submission.student, near: near.map(({ id, name }) => (id === name ? id : `${name} (${id})`)) };
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
  { id, name, path, submittedAt, section, extension, lateDays }: RosterRow,
  folder: string,
  meant: Map<string, Submission>,
): Submission {
  const own = path === null ? meant.get(id) : undefined;
  const student = { id, name, ...(section !== null && { section }) };
  const granted = extension === null && lateDays === 0 ? {} : { allowance: { extension, lateDays } };
  if (own !== undefined) return { ...own, student, submittedAt: submittedAt ?? own.submittedAt, ...granted };
  const place = join(folder, path ?? id);
  return { student, path: place, kind: kindOf(place), submittedAt, ...granted };
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
