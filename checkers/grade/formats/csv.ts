/** grades.csv: one row for each student, safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import type { ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { aboutWords, checksOf } from './phrases.ts';
import { plainLine } from './plain.ts';

/** The class as comma-separated values with a row of headings; a check's column holds the points given. */
export function gradesCsv({ grades }: ClassGrades): string {
  const checks = checkColumns(grades);
  const heading = [...Object.keys(fixed(undefined)), ...checks];
  const rows = grades.map((grade) => [...Object.values(fixed(grade)), ...pointsIn(grade, checks)]);
  // Excel takes a file without the mark for one in the local encoding.
  return stringify(
    [heading, ...rows].map((row) => row.map(cell)),
    { bom: true },
  );
}

/** Every check of the class, in the order of the milestones: '4.1 starts' */
function checkColumns(grades: SubmissionGrade[]): string[] {
  return [...new Set(grades.flatMap((grade) => checksOf(grade).map(columnOf)))];
}

function columnOf({ milestone, check }: ReturnType<typeof checksOf>[number]): string {
  return `${milestone.id} ${check.id}`;
}

function pointsIn(grade: SubmissionGrade, columns: string[]): (number | string)[] {
  const points = new Map(checksOf(grade).map((placed) => [columnOf(placed), placed.check.points]));
  return columns.map((column) => (grade.status === 'graded' ? (points.get(column) ?? '') : ''));
}

/** A submission that has to be graded again has no points: an empty cell is not 0. */
function fixed(grade: SubmissionGrade | undefined): Record<string, string | number> {
  return {
    id: grade?.student.id ?? '',
    name: grade?.student.name ?? '',
    section: grade?.student.section ?? '',
    stage: grade?.stage ?? '',
    status: grade?.status ?? '',
    points: grade === undefined || grade.status === 'broken' ? '' : grade.points,
    outOf: grade?.outOf ?? '',
    lateDays: grade?.late?.days ?? 0,
    lateCost: grade?.late?.cost ?? 0,
    adjusted: (grade?.adjusted ?? []).reduce((sum, { points }) => sum + points, 0),
    file: grade?.file ?? '',
    about: grade === undefined ? '' : aboutWords(grade),
    notes: grade?.notes.join('; ') ?? '',
    isolation: grade?.isolation ?? '',
    seed: grade?.seed ?? '',
    submission: grade?.versions.submission ?? '',
    checks: grade?.versions.checks ?? '',
    rubric: grade?.versions.rubric ?? '',
    startedAt: grade?.startedAt ?? '',
    seconds: grade === undefined ? '' : (grade.ms / 1000).toFixed(1),
    again: grade?.again ?? '',
  };
}

/** Spreadsheets evaluate cells that begin like a formula; a leading apostrophe makes them text. */
export function cell(value: string | number): string | number {
  if (typeof value === 'number') return value;
  const text = /^[\t\r]/.test(value) ? `'${plainLine(value)}` : plainLine(value);
  return /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
}
