/** What every word does with what goes wrong: one clear sentence and exit code 2, never a stack. */
import { CannotRun } from '../checkers/lab/arena.ts';
import { WordsError } from './words.ts';

/**
 * Runs a word of `npm run`.
 *
 * @param word does the work and returns the exit code
 * @returns that code; 2 where something made no sense, or where a file could not be read or written
 */
export async function answering(word: () => number | Promise<number>): Promise<number> {
  try {
    return await word();
  } catch (error) {
    if (!isForPeople(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

/** A system call on a file that failed says in its message what failed and where: 'EACCES: permission denied, open …'. */
function isForPeople(error: unknown): error is Error {
  if (error instanceof WordsError || error instanceof CannotRun) return true;
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
