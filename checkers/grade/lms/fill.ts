/** Puts the marks of a class into the rows of a platform's gradebook. */

import type { SubmissionGrade } from '../contract/result.ts';
import { html } from '../formats/page.ts';
import { aboutWords, markWords } from '../formats/phrases.ts';
import { plainLine } from '../formats/plain.ts';
import { type Claim, matched } from '../intake/match.ts';
import type { RosterRow } from '../intake/roster.ts';
import type { Gradebook } from './gradebook.ts';
import type { Columns, System } from './systems.ts';

/** A filled gradebook, and what an instructor has to know. */
export interface Filled {
  gradebook: Gradebook;
  /** the row of each student, by the student's id */
  rows: Map<string, string[]>;
  /** one sentence each */
  told: string[];
}

/**
 * Fills the column of marks. A student without a mark keeps what the cell has.
 *
 * @param emails of the class list, by the student's id
 */
export function fill(
  system: System,
  gradebook: Gradebook,
  columns: Columns,
  grades: SubmissionGrade[],
  emails: Map<string, string>,
): Filled {
  const rowOf = rowsOf(gradebook, columns, grades, emails);
  const told: string[] = [];
  const outOf = Math.max(0, ...grades.map((grade) => grade.outOf));
  if (columns.outOf !== null && outOf > 0 && columns.outOf !== outOf) {
    told.push(`The column has ${columns.outOf} points, and the marks are out of ${outOf}: they are scaled.`);
  }
  const filled = new Map<string[], string[]>();
  const rows = new Map<string, string[]>();
  for (const grade of grades) {
    const row = rowOf.get(grade.student.id);
    if (row === undefined) continue;
    rows.set(grade.student.id, row);
    if (grade.status === 'broken') continue;
    if (columns.open >= 0 && /^no$/i.test(row[columns.open]?.trim() ?? '')) {
      told.push(`The platform takes no mark for ${grade.student.id} now (locked, or from the gradebook).`);
      continue;
    }
    filled.set(row, withMark(system, row, columns, grade));
  }
  told.push(
    ...without(
      'have no row in this file',
      grades.filter(({ student }) => !rows.has(student.id)),
    ),
  );
  told.push(
    ...without(
      'have no mark yet',
      grades.filter(({ status, student }) => status === 'broken' && rows.has(student.id)),
    ),
  );
  return { gradebook: { ...gradebook, rows: gradebook.rows.map((row) => filled.get(row) ?? row) }, rows, told };
}

function without(what: string, grades: SubmissionGrade[]): string[] {
  if (grades.length === 0) return [];
  const names = grades.slice(0, 10).map(({ student }) => student.id);
  const more = grades.length > names.length ? ` and ${grades.length - names.length} more` : '';
  return [`${grades.length} ${what}: ${names.join(', ')}${more}.`];
}

function withMark(system: System, row: string[], columns: Columns, grade: SubmissionGrade): string[] {
  const changed = [...row];
  const points =
    columns.outOf === null || grade.outOf === 0 ? grade.points : (grade.points * columns.outOf) / grade.outOf;
  while (changed.length <= columns.grade) changed.push('');
  changed[columns.grade] = String(Math.round(points * 100) / 100);
  if (columns.comment >= 0 && (row[columns.comment] ?? '').trim() === '') {
    const about = aboutWords(grade);
    const text = plainLine(`${markWords(grade)}${about === '' ? '' : `: ${about}`}`);
    // Moodle takes the text as HTML.
    changed[columns.comment] = system === 'moodle' ? html(text) : text;
  }
  return changed;
}

/** The row of each student: by the platform's numbers and logins, else by e-mail or name. */
function rowsOf(
  { rows }: Gradebook,
  columns: Columns,
  grades: SubmissionGrade[],
  emails: Map<string, string>,
): Map<string, string[]> {
  const claims: Claim[] = grades.map(({ student }) => ({
    submission: { student, path: student.id, kind: 'missing', submittedAt: null },
    words: emails.has(student.id) ? [emails.get(student.id) ?? ''] : [],
  }));
  const found = new Map<string, string[]>();
  const attempt = (of: (row: string[]) => Pick<RosterRow, 'id' | 'name' | 'email'>): void => {
    const taken = new Set(found.values());
    const open = rows.filter((row) => !taken.has(row));
    const wanted = claims.filter(({ submission }) => !found.has(submission.student.id));
    const byNumber = matched(
      open.map((row, index) => ({ ...BARE, ...of(row), line: index })),
      wanted,
    );
    const ids = open.map((row) => of(row).id);
    for (const [id, { student }] of byNumber) {
      const row = open[ids.indexOf(id)];
      if (row !== undefined) found.set(student.id, row);
    }
  };
  for (const column of columns.ids) attempt((row) => ({ id: plainId(row[column] ?? ''), name: '', email: null }));
  attempt((row) => ({
    // No id: it is a number of the row alone, which fits nothing.
    id: `\u0000${rows.indexOf(row)}`,
    name: columns.name.map((column) => row[column] ?? '').join(columns.name.length > 1 ? ', ' : ''),
    email: (columns.email >= 0 ? row[columns.email] : null) || null,
  }));
  return found;
}

const BARE = { path: null, submittedAt: null, section: null, group: null, extension: null, lateDays: 0 };

/** 'Participant 12' → '12', '#login' → 'login' */
function plainId(written: string): string {
  const id = written.trim().replace(/^#/, '');
  return /^\D+ (\d+)$/.exec(id)?.[1] ?? id;
}
