/** Words of a command as a person has to type them in a shell. */
import { fromRoot } from './root.ts';

/** A word, in quotes where a shell would take it apart. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A path, to be typed at the repository's root. */
export function shellPath(path: string): string {
  return shellWord(fromRoot(path) || '.');
}
