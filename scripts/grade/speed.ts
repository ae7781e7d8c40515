/** npm run grade speed 40 [stage 4] [against FOLDER]: submissions a minute; beside another copy of the workshop, in turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { writeGeneratedClass } from '../../checkers/grade/batch/generated-class.ts';
import type { StoredGrade } from '../../checkers/grade/batch/grader.ts';
import { readResults } from '../../checkers/grade/batch/store.ts';
import { root } from '../../checkers/root.ts';
import { stageMeant } from '../choosing.ts';
import { readWords, WordsError } from '../command-line.ts';
import { countOf, placeOf } from './places.ts';

const MOST = 10_000;
const USUAL = '40';

const vocabulary = { switches: [], options: ['stage', 'against'], plain: 1 };

export async function speed(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const count = countOf(plain[0] ?? USUAL, 'How many', MOST);
  const { number } = stageMeant(options.get('stage'), 'npm run grade speed 40 stage');
  const against = options.get('against');
  const other = against === undefined ? undefined : placeOf(against);
  if (other !== undefined && !existsSync(join(other, 'scripts', 'start.mjs')))
    throw new WordsError(`${other} is no copy of the workshop. Expected, for example: against ../workshop-before`);
  const folder = mkdtempSync(join(tmpdir(), 'workshop-speed-'));
  try {
    writeGeneratedClass(findStage(number) as Stage, count, '1', join(folder, 'class'));
    const ours = await measured('this copy', root, number, folder);
    const theirs = other === undefined ? undefined : await measured(other, other, number, folder);
    if (theirs === undefined) return 0;
    const moved = ours.marks.filter((mark, index) => mark !== theirs.marks[index]);
    process.stdout.write(
      `${(ours.rate / theirs.rate).toFixed(2)} times as many. Marks that differ: ${moved.length === 0 ? 'none' : moved.join(', ')}\n`,
    );
    return moved.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Grades the class with a copy of the workshop. What counts is the time from the first submission to the last mark. */
async function measured(name: string, copy: string, stage: number, folder: string) {
  const results = mkdtempSync(join(folder, 'results-'));
  const words = [join(folder, 'class'), 'stage', String(stage), 'seed', 'speed', 'results', results];
  const child = spawn(process.execPath, [join(copy, 'scripts', 'start.mjs'), 'grade', ...words], {
    ...{ cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] },
  });
  const [code] = await once(child, 'exit');
  const { grades } = readResults(results);
  const rate = rateOf(grades);
  process.stdout.write(
    `${name}: ${grades.length} submissions, ${rate.toFixed(1)} a minute (exit code ${code}, load ${loadavg()[0]?.toFixed(1)})\n`,
  );
  return { rate, marks: grades.map(({ student, status, points }) => `${student.id} ${status} ${points}`).toSorted() };
}

function rateOf(grades: StoredGrade[]): number {
  const starts = grades.map(({ startedAt }) => Date.parse(startedAt));
  const ends = grades.map(({ startedAt, ms }) => Date.parse(startedAt) + ms);
  return (grades.length * 60_000) / (Math.max(...ends) - Math.min(...starts));
}
