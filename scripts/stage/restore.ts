/** npm run stage N restore [K]: the kept copies of the learner's file, and bringing one of them back. */
import { readFileSync } from 'node:fs';
import { programPath, type Stage } from '../../checkers/course/course.ts';
import { type Kept, listKept } from '../../checkers/progress/kept.ts';
import { learnersFile, replaceFile } from '../../checkers/progress/replace.ts';
import { width, wrap } from '../../checkers/report/layout.ts';
import { fromRoot } from '../../checkers/root.ts';
import { WordsError } from '../command-line.ts';

/**
 * Lists the copies, or brings one back.
 *
 * @param number of the copy, from 1; undefined: list them
 * @throws WordsError when there is no such copy
 */
export function restore(stage: Stage, number: number | undefined): string[] {
  const copies = listKept(stage);
  if (number === undefined) return listLines(stage, copies);
  const copy = copies[number - 1];
  if (copy === undefined) throw new WordsError(noSuchCopy(stage, number, copies.length));
  return bringBack(stage, number, copy);
}

function listLines(stage: Stage, copies: Kept[]): string[] {
  const room = width(process.stdout.columns);
  const file = fromRoot(programPath(stage, 'stages'));
  if (copies.length === 0) return wrap(nothingKept(file), room);
  const present = learnersFile(stage);
  const rows = copies.map((copy, index) => {
    const same = present !== undefined && contentOf(copy)?.equals(present);
    const row = `${String(index + 1).padStart(3)}  ${timeOf(copy)}  ${reasonOf(copy)}`;
    return same ? `${row}, and as it is now` : row;
  });
  const back = `To bring one back: npm run stage ${stage.number} restore ${copies.length}. What is in the file now is kept first.`;
  return [...wrap(`Copies of ${file}, oldest first:`, room), ...rows, '', ...wrap(back, room)];
}

function bringBack(stage: Stage, number: number, copy: Kept): string[] {
  const file = fromRoot(programPath(stage, 'stages'));
  const { changed } = replaceFile(stage, readFileSync(copy.path), 'before-restore');
  const room = width(process.stdout.columns);
  if (!changed) return wrap(`${file} is already the same as copy ${number}. Nothing was changed.`, room);
  const lines = wrap(`${file} is again as it was on ${timeOf(copy)} (${reasonOf(copy)}).`, room);
  return [...lines, ...wrap(`All copies, with the one made just now: npm run stage ${stage.number} restore`, room)];
}

/** A line on the copy of the replaced file, and how to bring it back. */
export function keptLines(stage: Stage, kept: Kept): string[] {
  const number = listKept(stage).findIndex(({ path }) => path === kept.path) + 1;
  const back = `To bring it back: npm run stage ${stage.number} restore ${number}`;
  const room = width(process.stdout.columns);
  return [...wrap(`What was there is kept: ${fromRoot(kept.path)}`, room), ...wrap(back, room)];
}

function contentOf({ path }: Kept): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** On the learner's own clock: '2026-01-31 18:05:09'. */
function timeOf({ when }: Kept): string {
  return when.toLocaleString('sv-SE');
}

/** 'milestones 4.1 and 4.2 green', 'before reset' */
function reasonOf({ reasons }: Kept): string {
  const milestones = reasons.filter((reason) => !reason.startsWith('before'));
  if (milestones.length === 0) return reasons.map((reason) => reason.replace('-', ' ')).join(', ');
  return `milestone${milestones.length === 1 ? '' : 's'} ${milestones.join(' and ')} green`;
}

function nothingKept(file: string): string {
  return `There is no copy of ${file} yet. One is made when a milestone turns green, and before a reset.`;
}

function noSuchCopy(stage: Stage, number: number, count: number): string {
  if (count === 0) return nothingKept(fromRoot(programPath(stage, 'stages')));
  const range = count === 1 ? 'There is 1' : `There are 1 to ${count}`;
  return `There is no copy ${number}. ${range}. To see them: npm run stage ${stage.number} restore`;
}
