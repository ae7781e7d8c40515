/** Paths and numbers from the command line. */
import { resolve } from 'node:path';
import { WordsError } from '../command-line.ts';

/** An absolute path; relative paths start at the folder where the command was typed. */
export function placeOf(typed: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), typed);
}

/** A whole number from 1 on. @throws WordsError */
export function countOf(word: string, what: string, most: number): number {
  if (/^\d{1,6}$/.test(word) && Number(word) >= 1 && Number(word) <= most) return Number(word);
  throw new WordsError(`${what} is a number from 1 to ${most}; '${word}' is not.`);
}
