/** Changes of marks by a person: adjust.csv, kept in the folder of results and applied to what was graded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { BatchError } from '../contract/batch-error.ts';
import { writeDurably } from '../contract/durable.ts';
import type { Adjustment } from '../contract/result.ts';
import { cell } from '../formats/csv.ts';
import type { StoredGrade } from './grader.ts';

const FILE = 'adjust.csv';
const EXPECTED = 'Expected: id,points,reason,who';

/** An adjustment, and whose mark it changes. */
export interface Adjusted extends Adjustment {
  id: string;
}

/** Reads a file of adjustments. @throws BatchError with the line that makes no sense */
export function readAdjustments(path: string): Adjusted[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new BatchError(`The adjustments ${path} cannot be read: ${(error as Error).message}.`);
  }
  return adjustmentsOf(text, path);
}

/** The adjustments that a folder of results keeps; none where there is no file. */
export function keptAdjustments(results: string): Adjusted[] {
  const path = join(results, FILE);
  try {
    return adjustmentsOf(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The adjustments of several folders as those of one class: machines that graded parts of it had the same file. */
export function joinedAdjustments(parts: Adjusted[][]): Adjusted[] {
  const all: Adjusted[] = [];
  for (const part of parts) {
    const left = all.map((one) => JSON.stringify(one));
    for (const one of part) {
      const at = left.indexOf(JSON.stringify(one));
      if (at >= 0) left.splice(at, 1);
      else all.push(one);
    }
  }
  return all;
}

/** Keeps adjustments in a folder of results, in place of earlier ones. */
export function keepAdjustments(results: string, all: Adjusted[]): void {
  if (all.length === 0 && keptAdjustments(results).length === 0) return;
  const rows = all.map(({ id, points, reason, who }) => [cell(id), points, cell(reason), cell(who)]);
  writeDurably(join(results, FILE), stringify([['id', 'points', 'reason', 'who'], ...rows], { bom: true }));
}

/** The results of a folder with its adjustments. A student without a mark still has none. */
export function adjustedIn(results: string, grades: StoredGrade[]): StoredGrade[] {
  const all = keptAdjustments(results);
  return grades.map((grade) => {
    const own = all.filter(({ id }) => id === grade.student.id).map(({ id: _, ...adjustment }) => adjustment);
    if (own.length === 0) return grade;
    const points = Math.max(
      0,
      own.reduce((sum, one) => sum + one.points, grade.points),
    );
    return { ...grade, points: grade.status === 'broken' ? grade.points : points, adjusted: own };
  });
}

function adjustmentsOf(text: string, path: string): Adjusted[] {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  const columns = (names: string[]): string[] => names.map((name) => name.trim().toLowerCase());
  try {
    const options = { columns, info: true, bom: true, trim: true, skip_empty_lines: true, delimiter: [',', ';', '\t'] };
    rows = parse(text, options) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BatchError(`${path}, line ${error.lines ?? '?'}: ${error.message}. ${EXPECTED}`);
  }
  return rows.map(({ record, info }) => {
    // Where a cell would run in a spreadsheet, ours begin with an apostrophe.
    const [id, points, reason, who] = ['id', 'points', 'reason', 'who'].map((name) =>
      (record[name] ?? '').replace(/^'(?=\s*[=+\-@＝＋－＠])/, ''),
    ) as [string, string, string, string];
    if (id === '' || !/^[+-]?\d{1,6}$/.test(points) || reason === '')
      throw new BatchError(`${path}, line ${info.lines}: an id, whole points and a reason are needed. ${EXPECTED}`);
    return { id, points: Number(points), reason, who };
  });
}
