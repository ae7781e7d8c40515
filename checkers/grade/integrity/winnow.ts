/**
 * Fingerprints of a program by winnowing, as MOSS and compare50 take them: a hash of each run of tokens, and of each few
 * neighbours the least. See Schleimer, Wilkerson and Aiken: Winnowing, Local Algorithms for Document Fingerprinting (2003).
 */
import type { Token } from './tokens.ts';

/** Tokens of one hash: shorter matches say nothing. About two lines of code. */
const RUN = 16;
/** Of so many neighbours the least is kept, so a match of RUN + WINDOW - 1 tokens is always found. */
const WINDOW = 8;
/** Any single character may be a word. */
const MANY_WORDS = 10_000;

/** Where a fingerprint stands in a program, in lines from 1. */
export interface Place {
  from: number;
  to: number;
}

export type Fingerprints = Map<number, Place[]>;

/** Every hash of a text, none left out: what is taken out of others. */
export function allHashes(tokens: Token[]): number[] {
  return hashesOf(tokens).map(({ hash }) => hash);
}

/**
 * The fingerprints of a program.
 *
 * @param known hashes of text that all students have: it is left out
 */
export function winnow(tokens: Token[], known: ReadonlySet<number>): Fingerprints {
  const found: Fingerprints = new Map();
  let run: Hash[] = [];
  const flush = (): void => {
    for (const { hash, place } of leastOf(run)) {
      const places = found.get(hash);
      if (places) places.push(place);
      else found.set(hash, [place]);
    }
    run = [];
  };
  for (const one of hashesOf(tokens)) {
    if (known.has(one.hash)) flush();
    else run.push(one);
  }
  flush();
  return found;
}

interface Hash {
  hash: number;
  place: Place;
}

/** A program is compared with several texts. */
const known = new WeakMap<Token[], Hash[]>();

function hashesOf(tokens: Token[]): Hash[] {
  const before = known.get(tokens);
  if (before !== undefined) return before;
  const words = tokens.map(({ word }) => wordHash(word));
  const hashes = tokens.slice(0, Math.max(0, tokens.length - RUN + 1)).map((first, index) => ({
    hash: runHash(words, index),
    place: { from: first.line, to: (tokens[index + RUN - 1] ?? first).line },
  }));
  known.set(tokens, hashes);
  return hashes;
}

const ofWords = new Map<string, number>();

/** FNV-1a in 32 bits; there are few different words, since names are alike. */
function wordHash(word: string): number {
  let hash = ofWords.get(word);
  if (hash !== undefined) return hash;
  hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  if (ofWords.size < MANY_WORDS) ofWords.set(word, hash);
  return hash;
}

/** The same over the words of a run, twice with different beginnings, as one number of 52 bits. */
function runHash(words: number[], from: number): number {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = from; index < from + RUN; index += 1) {
    const word = words[index] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    one ^= one >>> 15;
    other = Math.imul(other ^ word, 0x85ebca6b);
    other ^= other >>> 13;
  }
  return (one >>> 0) * 2 ** 20 + ((other >>> 0) & 0xfffff);
}

/** Of each window the least, the last of equals; once each. */
function leastOf(run: Hash[]): Set<Hash> {
  const kept = new Set<Hash>();
  for (let start = 0; start < Math.max(1, run.length - WINDOW + 1) && run.length > 0; start += 1) {
    let least = run[start] as Hash;
    for (let index = start + 1; index < Math.min(start + WINDOW, run.length); index += 1) {
      const one = run[index] as Hash;
      if (one.hash <= least.hash) least = one;
    }
    kept.add(least);
  }
  return kept;
}
