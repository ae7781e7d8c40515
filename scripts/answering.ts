/** Error handling of all commands: one clear sentence and exit code 2, never a stack. File errors: see start.mjs. */

import { fitted } from '../checkers/report/layout.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { BuildFailure } from '../checkers/run/build.ts';
import { WordsError } from './command-line.ts';

/**
 * Runs a command of `npm run`.
 *
 * @param word the command; returns the exit code
 * @returns that code; 2 for an invalid command line or a program that cannot be built
 */
export async function answering(word: () => number | Promise<number>): Promise<number> {
  try {
    return await word();
  } catch (error) {
    if (error instanceof BuildFailure) {
      process.stderr.write(`${error.lines.join('\n')}\n`);
      return 2;
    }
    if (!(error instanceof WordsError || error instanceof CannotRun)) throw error;
    process.stderr.write(`${fitted(error.message, process.stderr.columns)}\n`);
    return 2;
  }
}
