/**
 * Canvas: one flat folder. A file is named by `get_filename` and `add_upload_submission` in `lib/content_zipper.rb`
 * of instructure/canvas-lms (read at 05e9653): `name[_LATE]_USERID_ATTACHMENTID_file`; the name keeps only letters,
 * digits and underscores of any script. Anonymous: `[LATE_]anon_ID_ATTACHMENTID_file`.
 */
import { join } from 'node:path';
import { course } from '../../../course/course.ts';
import type { Part } from '../../contract/submission.ts';
import { MANIFEST } from '../manifest.ts';
import { type Attempt, emptyReading, isFolder, type Reader, type Reading } from './reading.ts';

const FILE = /^(?<name>[\p{L}\p{M}\p{N}_]*?)(?<late>_LATE)?_(?<id>\d+)_(?<attachment>\d+)_(?<file>.+)$/su;
const ANONYMOUS = /^(?<late>LATE_)?anon_(?<id>[A-Za-z0-9]+)_(?<attachment>\d+)_(?<file>.+)$/s;
/** Typed into a page, or an address. */
const TEXT = /^(?<name>[\p{L}\p{M}\p{N}_]*?)(?<late>_LATE)?_(?<id>\d+)_(?<what>text|link)\.html$/u;
const ANONYMOUS_TEXT = /^(?<late>LATE_)?anon_(?<id>[A-Za-z0-9]+)_(?<what>text|link)\.html$/;

/** A file of a student; Canvas adds -1, -2, … to the name of a file that the student uploads again. */
interface Uploaded extends Part {
  attachment: number;
  again: number;
  /** the name without that number */
  plain: string;
}

/** Reads the export of an assignment of Canvas. */
export const readCanvas: Reader = (folder, names) => {
  const reading = emptyReading();
  const files = new Map<string, Uploaded[]>();
  const attempts = new Map<string, Attempt>();
  for (const name of names) {
    const match = ANONYMOUS.exec(name) ?? FILE.exec(name) ?? ANONYMOUS_TEXT.exec(name) ?? TEXT.exec(name);
    if (match?.groups === undefined || isFolder(join(folder, name))) continue;
    const { name: student, late, id = '', attachment, file } = match.groups;
    const known = student === undefined ? `anon_${id}` : student || id;
    const key = `${id} ${known}`;
    const attempt = attempts.get(key) ?? attemptOf(student === undefined ? `anon_${id}` : id, known);
    attempts.set(key, attempt);
    attempt.late ||= late !== undefined;
    reading.known.add(name);
    if (file === undefined) attempt.texts.push(name);
    else files.set(key, [...(files.get(key) ?? []), uploaded(file, Number(attachment), join(folder, name))]);
  }
  for (const [key, attempt] of attempts) newestOf(files.get(key) ?? [], attempt, reading);
  return attempts.size === 0 ? null : reading;
};

function attemptOf(id: string, name: string): Attempt {
  return { id, name, also: [], at: null, order: 1, late: false, parts: [], texts: [] };
}

function uploaded(name: string, attachment: number, path: string): Uploaded {
  const [, stem = '', again, ending = ''] = /^(.*?)-(\d{1,3})((?:\.tar)?\.[^.]*)?$/s.exec(name) ?? [];
  if (again === undefined || stem === '') return { name, path, attachment, again: 0, plain: name };
  return { name, path, attachment, again: Number(again), plain: `${stem}${ending}` };
}

/** The file names that the course gives. */
const COURSE_FILES = new Set([...course.map(({ file }) => file), MANIFEST]);

/**
 * Keeps the newest of the files with one name, under that name. A number that the student wrote (`stage-3.ts`) stays:
 * only a name of the course's, or one that is there without a number too, makes it Canvas's.
 */
function newestOf(files: Uploaded[], attempt: Attempt, reading: Reading): void {
  const isAgain = ({ again, plain }: Uploaded): boolean =>
    again > 0 && (COURSE_FILES.has(plain) || files.some(({ name }) => name === plain));
  const all = files.some((file) => isAgain(file) && COURSE_FILES.has(file.plain));
  const newest = new Map<string, Uploaded>();
  for (const file of files.toSorted((a, b) => a.again - b.again || a.attachment - b.attachment)) {
    const name = all || isAgain(file) ? file.plain : file.name;
    newest.set(name, { ...file, name });
  }
  attempt.parts = [...newest.values()].map(({ name, path }) => ({ name, path }));
  attempt.again = files.some(isAgain);
  reading.attempts.push(attempt);
  if (files.length > newest.size) reading.older.push({ id: attempt.id, files: files.length - newest.size });
}
