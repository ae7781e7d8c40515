/** Error handling of commands: one clear sentence and exit code 2, never a stack. File errors: see start.mjs. */

import { fitted } from '../checkers/report/layout.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { BuildFailure } from '../checkers/run/build.ts';
import { WordsError } from './command-line.ts';

/**
 * Runs a command of `npm run`, and prints its error, if any.
 *
 * @returns the exit code of the command; 2 for an invalid command line or a program that cannot be built or run
 */
export async function reportErrors(command: () => number | Promise<number>): Promise<number> {
  try {
    return await command();
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

/** A signal that is aborted by the first Ctrl-C or SIGTERM; a second one ends this process. */
export function abortOnInterrupt(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  return abort.signal;
}
