/** What every word does with what goes wrong: one clear sentence and exit code 2, never a stack. Files: see start.mjs. */

import { fitted } from '../checkers/report/layout.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { WordsError } from './words.ts';

/**
 * Runs a word of `npm run`.
 *
 * @param word does the work and returns the exit code
 * @returns that code; 2 where something made no sense
 */
export async function answering(word: () => number | Promise<number>): Promise<number> {
  try {
    return await word();
  } catch (error) {
    if (!(error instanceof WordsError || error instanceof CannotRun)) throw error;
    process.stderr.write(`${fitted(error.message, process.stderr.columns)}\n`);
    return 2;
  }
}
