/** npm run grade compare OLD NEW [csv FILE] [json FILE]: whose mark moved, and why. */

import { adjustedIn } from '../../checkers/grade/batch/adjust.ts';
import { type Move, movedMarks, moveLines, movesCsv, studentsIn } from '../../checkers/grade/batch/compare.ts';
import type { StoredGrade } from '../../checkers/grade/batch/grader.ts';
import { readPart } from '../../checkers/grade/batch/merge.ts';
import { writeDurably } from '../../checkers/grade/contract/durable.ts';
import { readWords, WordsError } from '../command-line.ts';
import { placeOf } from './places.ts';

const vocabulary = { switches: [], options: ['csv', 'json'], plain: 2 };

export async function compare(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const [old, current] = plain;
  if (old === undefined || current === undefined) {
    throw new WordsError('Two folders of results are compared: npm run grade compare OLD NEW');
  }
  const [before, after] = [old, current].map((typed) =>
    adjustedIn(placeOf(typed), readPart(placeOf(typed)).grades),
  ) as [StoredGrade[], StoredGrade[]];
  const moves = movedMarks(before, after);
  process.stdout.write(`${moveLines(moves, studentsIn(before, after)).join('\n')}\n`);
  write(options.get('csv'), () => movesCsv(moves));
  write(options.get('json'), () => asJson(moves));
  return 0;
}

function write(file: string | undefined, text: () => string): void {
  if (file !== undefined) writeDurably(placeOf(file), text());
}

function asJson(moves: Move[]): string {
  return `${JSON.stringify({ version: 1, moved: moves }, null, 2)}\n`;
}
