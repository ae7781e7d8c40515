/** Words of a command, quoted for a shell. */
import { fromRoot } from './root.ts';

/** A word, in quotes if a shell would split it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A path, to be typed at the repository's root. */
export function shellPath(path: string): string {
  return shellWord(fromRoot(path) || '.');
}
