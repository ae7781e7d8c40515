/** Paths as they were typed, and the words that npm would keep to itself. */
import { resolve } from 'node:path';
import { readWords, type Vocabulary, type Words, WordsError } from '../words.ts';

/** An absolute path; what was typed is meant from where it was typed. */
export function placeOf(typed: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), typed);
}

/**
 * Reads words; npm keeps flags that stand before two dashes to itself, and puts them into the environment.
 *
 * @throws WordsError for such a flag, and as `readWords`
 */
export function readGradeWords(typed: string[], vocabulary: Vocabulary): Words {
  const flag = [...vocabulary.switches, ...vocabulary.options].find((name) => isSwallowed(name));
  if (flag !== undefined) {
    throw new WordsError(`npm took --${flag} for itself. Leave out its dashes: npm run grade FOLDER ${flag} …`);
  }
  return readWords(typed, vocabulary);
}

function isSwallowed(name: string): boolean {
  // npm has a setting of its own that is called so, and whoever uses it does not mean us.
  return name !== 'json' && Boolean(process.env[`npm_config_${name.replaceAll('-', '_')}`]);
}

/** A whole number from 1 on. @throws WordsError */
export function countOf(word: string, what: string, most: number): number {
  if (/^\d{1,6}$/.test(word) && Number(word) >= 1 && Number(word) <= most) return Number(word);
  throw new WordsError(`${what} is a number from 1 to ${most}; '${word}' is not.`);
}
