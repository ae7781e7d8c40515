/**
 * Fingerprints of a program by winnowing, as MOSS and compare50 take them: a hash of each run of tokens, and of each few
 * neighbours the least. See Schleimer, Wilkerson and Aiken: Winnowing, Local Algorithms for Document Fingerprinting (2003).
 */
import type { Token } from './tokens.ts';

/** Tokens of one hash: shorter matches say nothing. About two lines of code. */
const RUN = 16;
/** Of so many neighbours the least is kept, so a match of RUN + WINDOW - 1 tokens is always found. */
const WINDOW = 8;

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

function hashesOf(tokens: Token[]): Hash[] {
  return tokens.slice(0, Math.max(0, tokens.length - RUN + 1)).map((first, index) => {
    const run = tokens.slice(index, index + RUN);
    return { hash: hashOf(run), place: { from: first.line, to: (run.at(-1) ?? first).line } };
  });
}

/** FNV-1a in 32 bits, twice with different beginnings, as one number of 52 bits. */
function hashOf(tokens: Token[]): number {
  const text = tokens.map(({ word }) => word).join('\0');
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b);
  }
  return (one >>> 0) * 2 ** 20 + ((other >>> 0) & 0xfffff);
}

/** Of each window the least, the last of equals; once each. */
function leastOf(run: Hash[]): Set<Hash> {
  const kept = new Set<Hash>();
  for (let index = 0; index < Math.max(1, run.length - WINDOW + 1) && run.length > 0; index += 1) {
    const window = run.slice(index, index + WINDOW);
    kept.add(window.reduce((least, one) => (one.hash <= least.hash ? one : least)));
  }
  return kept;
}
