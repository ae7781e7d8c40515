/** The class list: a CSV file with the columns id, name and, where wanted, the others of `RosterRow`. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { closest, distance } from 'fastest-levenshtein';

/** One student of the list. */
export interface RosterRow {
  id: string;
  name: string;
  /** relative to the folder of submissions; null: the hand-in named after the student's id */
  path: string | null;
  /** ISO 8601 in UTC */
  submittedAt: string | null;
  /** null: the list does not tell */
  email: string | null;
  section: string | null;
  /** students of one group hand in together and share a mark */
  group: string | null;
  /** the student's own deadline, or how many days later than the class's it is; null: none */
  extension: { until: string } | { days: number } | null;
  /** days after the deadline that cost this student nothing */
  lateDays: number;
  /** where in the file it stands */
  line: number;
}

/** A mistake in the roster; the message says in which line, and what was expected. */
export class RosterError extends Error {}

const COLUMNS = ['id', 'name', 'path', 'submitted'];
const MORE_COLUMNS = ['email', 'section', 'group', 'extension', 'latedays'];
const MAX_DAYS = 366;
/** 2026-11-22, 2026-11-22T18:00+01:00, 2026-11-22 18:00:00Z, … A time without a zone would depend on the machine. */
const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;
const TIME_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
/** Spreadsheets use the separator of their locale. */
const DELIMITERS = [',', ';', '\t'];
/** The first line by which Excel is given the separator. */
const ANNOUNCED = /^\ufeff?"?sep=([^\r\n"])"?[;,\t ]*(?:\r\n|\r|\n)/i;

type Line = { record: Record<string, string>; info: { lines: number } };

/**
 * Reads a class list.
 *
 * @throws RosterError when it makes no sense
 */
export function readRoster(path: string): RosterRow[] {
  const rows = parseCsv(path).map(({ record, info }) => rowOf(record, info.lines, path));
  if (rows.length === 0)
    throw new RosterError(
      `The roster ${path} lists no students. Expected: a line of headings (id,name,path,submitted), then one line for each student.`,
    );
  const seen = new Map<string, number>();
  for (const { id, line } of rows) {
    const before = seen.get(id);
    if (before !== undefined)
      throw new RosterError(`${path}, line ${line}: the id '${id}' is already in line ${before}.`);
    seen.set(id, line);
  }
  return rows;
}

function parseCsv(path: string): Line[] {
  try {
    const list = decoded(readFileSync(path));
    const [announced = '', separator] = ANNOUNCED.exec(list) ?? [];
    return parse(list, {
      columns: (names: string[]) => checkedColumns(names, path),
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      // Skipped as a line, so that the others keep their numbers.
      from_line: announced === '' ? 1 : 2,
      delimiter: separator ?? delimiterOf(list),
    }) as unknown as Line[];
  } catch (error) {
    if (error instanceof RosterError) throw error;
    if (error instanceof CsvError)
      throw new RosterError(`${path}, line ${String(error.lines ?? '?')}: ${error.message}.`);
    throw new RosterError(`The roster ${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** Spreadsheets also save in UTF-16 or Windows-1252; names have to be right even then. */
function decoded(bytes: Buffer): string {
  const [one, two] = bytes;
  if (one === 0xff && two === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (one === 0xfe && two === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The separator in the line of headings; if that is a semicolon, a comma is part of a name. */
function delimiterOf(list: string): string {
  const heading = list.trimStart().split(/[\r\n]/)[0] ?? '';
  const count = (delimiter: string) => heading.split(delimiter).length;
  return DELIMITERS.toSorted((one, other) => count(other) - count(one))[0] ?? ',';
}

function checkedColumns(typed: string[], path: string): string[] {
  const names = typed.map((name) => columnOf(name));
  const double = [...COLUMNS, ...MORE_COLUMNS].find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (double !== undefined)
    throw new RosterError(`${path}, line 1: there are two columns '${double}'. Rename one of them.`);
  if (names.includes('id')) return names;
  const near = names.find(
    (name) => distance(name, 'id') === 1 || ['student', 'student id', 'username', 'login'].includes(name),
  );
  const hint = near === undefined ? '' : ` Is '${near}' meant? Rename it to id.`;
  throw new RosterError(
    `${path}, line 1: there is no column 'id'. Expected: ${COLUMNS.join(',')}; found: ${typed.join(',')}.${hint}`,
  );
}

/** 'Late days' → 'latedays', 'E-mail' → 'email' */
function columnOf(typed: string): string {
  const name = typed.trim().toLowerCase();
  const plain = name.replaceAll(/[\s_-]/g, '').replace(/^(emailaddress|mail)$/, 'email');
  return MORE_COLUMNS.includes(plain) ? plain : name;
}

function rowOf(record: Record<string, string>, line: number, path: string): RosterRow {
  const { id: written = '', name = '', path: place = '', submitted = '' } = record;
  // Our own lists have an apostrophe before what a spreadsheet would run.
  const id = written.replace(/^'(?=\s*[=+\-@＝＋－＠])/, '');
  const { email = '', section = '', group = '', extension = '', latedays = '' } = record;
  if (id === '') throw new RosterError(`${path}, line ${line}: the id is empty.`);
  if (/[/\\\p{Cc}]|^\.\.?$/u.test(id))
    throw new RosterError(
      `${path}, line ${line}: the id ${JSON.stringify(id)} cannot be the name of a folder or a file. Put its place into a column 'path'.`,
    );
  if (/^([/\\]|[a-z]:)/i.test(place) || place.split(/[/\\]/).includes('..')) {
    throw new RosterError(`${path}, line ${line}: the path '${place}' leads out of the folder of submissions.`);
  }
  return {
    id,
    name: name || id,
    path: place || null,
    submittedAt: submitted === '' ? null : timeOf(submitted, line, path),
    email: email || null,
    section: section || null,
    group: group || null,
    extension: extensionOf(extension, line, path),
    lateDays: latedays === '' ? 0 : daysOf(latedays, line, path),
    line,
  };
}

/** '2026-10-03T23:59+02:00', or a number of days */
function extensionOf(written: string, line: number, path: string): RosterRow['extension'] {
  if (written === '') return null;
  const [, days] = /^\+?(\d+)\s*(?:d|days?)?$/i.exec(written) ?? [];
  return days === undefined ? { until: timeOf(written, line, path) } : { days: daysOf(days, line, path) };
}

function daysOf(written: string, line: number, path: string): number {
  if (/^\d+$/.test(written) && Number(written) <= MAX_DAYS) return Number(written);
  throw new RosterError(`${path}, line ${line}: '${written}' is not a number of days. Expected: 0 to ${MAX_DAYS}.`);
}

function timeOf(written: string, line: number, path: string): string {
  const ms = TIME.test(written) && isDay(written) ? Date.parse(written.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  if (TIME_WITHOUT_ZONE.test(written))
    throw new RosterError(
      `${path}, line ${line}: '${written}' does not say its zone. Add it, for example: ${written}Z or ${written}+01:00`,
    );
  throw new RosterError(`${path}, line ${line}: '${written}' is not a time. Expected, for example: 2026-11-22T18:00Z`);
}

/** Whether the day exists: Date turns 30 February into 2 March. */
export function isDay(written: string): boolean {
  const [year = 0, month = 0, day = 0] = written.split(/[^\d]/).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The known id that is nearest to a word, for 'only'. */
export function nearestId(word: string, ids: string[]): string | undefined {
  const near = ids.length === 0 ? undefined : closest(word, ids);
  return near !== undefined && distance(word, near) <= 2 ? near : undefined;
}
