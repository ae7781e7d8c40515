/** The marks of a class in columns of a terminal. */
import chalk from 'chalk';
import stringWidth from 'string-width';
import type { ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { aboutWords, failedIn, markWords } from './phrases.ts';
import { plainLine } from './plain.ts';

const GAP = '  ';
const WIDEST_ID = 28;
/** Less than this of a sentence says nothing. */
const LEAST_ABOUT = 16;

/** One row for each student: id, mark, and what to look at first. No row is wider than the terminal. */
export function classTable({ grades }: ClassGrades, columns: number): string {
  const marks = Math.max(0, ...grades.map((grade) => markWords(grade).length));
  const longest = Math.max(2, ...grades.map(({ student }) => stringWidth(plainLine(student.id))));
  const ids = Math.max(2, Math.min(longest, WIDEST_ID, columns - marks - GAP.length));
  const room = columns - ids - marks - 2 * GAP.length;
  return grades
    .map((grade) => {
      const head = `${padded(plainLine(grade.student.id), ids)}${GAP}${markWords(grade).padStart(marks)}`;
      const about = room < LEAST_ABOUT ? '' : cut(plainLine(aboutWords(grade)), room);
      return `${colourOf(grade)(head)}${about === '' ? '' : GAP + chalk.dim(about)}`;
    })
    .join('\n');
}

function colourOf(grade: SubmissionGrade): (text: string) => string {
  if (grade.status === 'broken') return chalk.yellow;
  if (grade.status === 'refused') return chalk.red;
  return failedIn(grade).length === 0 ? chalk.green : (text) => text;
}

function padded(text: string, columns: number): string {
  const fitting = cut(text, columns);
  return fitting + ' '.repeat(columns - stringWidth(fitting));
}

/** Columns are not characters: some letters take two. */
function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
