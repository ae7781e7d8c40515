/** Parses the arguments of `npm run WORD`: plain words, or flags of the same names. */
import { closest, distance } from 'fastest-levenshtein';
import { swallowedFlag } from './swallowed.ts';

/** The vocabulary of a command. */
export interface Vocabulary {
  /** words that stand alone, e.g. 'solution' */
  switches: string[];
  /** words that take the next one with them, e.g. 'only' */
  options: string[];
  /** how many other words may stand there, e.g. one for a milestone */
  plain: number;
  /** what such a word is, for messages: 'a milestone such as 4.1' */
  plainName?: string;
  /** whether such a word is one of ours; undefined: anything goes */
  isPlain?: (word: string) => boolean;
}

export interface Words {
  switches: Set<string>;
  options: Map<string, string>;
  plain: string[];
}

/** An invalid command line; the message says what would be valid. */
export class WordsError extends Error {}

/**
 * Sorts words: 'only 3', '--only 3' and '--only=3' are the same.
 *
 * @throws WordsError for an unknown word, naming the nearest known one, and for a flag that npm kept for itself
 */
export function readWords(words: string[], vocabulary: Vocabulary): Words {
  const swallowed = swallowedFlag([...vocabulary.switches, ...vocabulary.options]);
  if (swallowed !== undefined)
    throw new WordsError(
      `npm took --${swallowed} for itself. Put two dashes before it: ${commandOf(words)} -- --${swallowed} …`,
    );
  const result: Words = { switches: new Set(), options: new Map(), plain: [] };
  const rest = words.flatMap((word) => splitFlag(word));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const name = word.replace(/^--/, '');
    if (vocabulary.options.includes(name)) result.options.set(name, valueAfter(name, rest));
    else if (vocabulary.switches.includes(name)) result.switches.add(name);
    else if (isPlain(word, vocabulary) && result.plain.length < vocabulary.plain) result.plain.push(word);
    else throw new WordsError(unknown(word, vocabulary));
  }
  return result;
}

/** The beginning of what was typed: 'npm run milestone 1'. */
function commandOf(words: string[]): string {
  return ['npm run', process.env.npm_lifecycle_event, ...words.slice(0, 1)].join(' ');
}

function splitFlag(word: string): string[] {
  const match = /^(--[^=]+)=(.*)$/s.exec(word);
  return match ? [match[1] ?? '', match[2] ?? ''] : [word];
}

function valueAfter(name: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined || value === '') throw new WordsError(`'${name}' needs a value after it.`);
  return value;
}

function isPlain(word: string, { isPlain }: Vocabulary): boolean {
  return !word.startsWith('--') && (isPlain?.(word) ?? true);
}

function unknown(word: string, vocabulary: Vocabulary): string {
  const { switches, options, plain, plainName } = vocabulary;
  if (plain > 0 && plainName !== undefined && isPlain(word, vocabulary)) {
    return `Unexpected argument '${word}': this command takes only one of that kind, ${plainName}.`;
  }
  const known = [...switches, ...options];
  const all = [...(plainName === undefined ? [] : [plainName]), ...known];
  const hint = didYouMean(word, known) || (all.length === 0 ? '' : ` It knows: ${all.join(', ')}.`);
  return `Unknown argument '${word}'.${hint}`;
}

/** ' Did you mean 'solution'?', or nothing where no known word is near. */
export function didYouMean(word: string, known: string[]): string {
  if (known.length === 0) return '';
  const candidate = closest(word.replace(/^--/, ''), known);
  const typos = distance(word.replace(/^--/, ''), candidate);
  // Two equal letters of three do not make a similar word.
  const near = typos <= Math.max(2, candidate.length / 3) && typos <= candidate.length / 2;
  return near ? ` Did you mean '${candidate}'?` : '';
}
