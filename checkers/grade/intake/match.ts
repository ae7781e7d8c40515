/** Assigns hand-ins to the rows of a class list: by id, and where the id is another one, by e-mail or name. */
import { distance } from 'fastest-levenshtein';
import type { Submission } from '../contract/submission.ts';
import type { RosterRow } from './roster.ts';

/** A hand-in, and all words by which a list may know its student. */
export interface Claim {
  submission: Submission;
  words: string[];
}

/** Each way to compare, the surest first. A match counts only if no other row and no other hand-in fits. */
const WAYS: [ofRow: (row: RosterRow) => string[], ofClaim: (claim: Claim) => string[]][] = [
  [({ id }) => [id], ({ submission }) => [submission.student.id]],
  // Systems change case and decompose accents.
  [({ id }) => [alike(id)], ({ submission }) => [alike(submission.student.id)]],
  [
    ({ id, email }) => [id, email ?? ''].map(alike),
    ({ submission, words }) => [submission.student.id, ...words].map(alike),
  ],
  [({ email }) => [localPart(email)], ({ submission, words }) => [submission.student.id, ...words].map(alike)],
  [({ name }) => orders(name), ({ submission, words }) => [submission.student.name, ...words].flatMap(orders)],
];

/** The hand-in of each row, by the row's id. What one way finds ambiguous, no weaker way decides. */
export function matched(rows: RosterRow[], claims: Claim[]): Map<string, Submission> {
  const found = new Map<string, Submission>();
  const settled = new Set<RosterRow | Claim>();
  for (const [ofRow, ofClaim] of WAYS) {
    const openRows = rows.filter((row) => row.path === null && !settled.has(row));
    const openClaims = claims.filter((claim) => !settled.has(claim));
    const claimsOf = keyed(openClaims, ofClaim);
    const rowsOf = keyed(openRows, ofRow);
    for (const row of openRows) {
      const fitting = new Set(keysOf(row, ofRow).flatMap((key) => claimsOf.get(key) ?? []));
      const rivals = new Set(
        [...fitting].flatMap((claim) => keysOf(claim, ofClaim).flatMap((key) => rowsOf.get(key) ?? [])),
      );
      const [only] = fitting;
      if (only !== undefined && fitting.size === 1 && rivals.size === 1) found.set(row.id, only.submission);
      for (const one of [...fitting, ...rivals]) settled.add(one);
    }
  }
  return found;
}

function keysOf<T>(one: T, of: (one: T) => string[]): string[] {
  return [...new Set(of(one))].filter((key) => key !== '');
}

function keyed<T>(all: T[], of: (one: T) => string[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const one of all) for (const key of keysOf(one, of)) map.set(key, [...(map.get(key) ?? []), one]);
  return map;
}

/** The rows that a student who is not on the list may be, nearest first. */
export function nearestRows({ submission, words }: Claim, rows: RosterRow[]): RosterRow[] {
  const own = [submission.student.id, submission.student.name, ...words].map(squeezed).filter((word) => word !== '');
  return rows
    .map((row) => {
      const theirs = [row.id, localPart(row.email), ...orders(row.name)].map(squeezed).filter((word) => word !== '');
      const all = own.flatMap((one) =>
        theirs.map((other) => distance(one, other) / Math.max(one.length, other.length)),
      );
      return { row, far: Math.min(1, ...all) };
    })
    .filter(({ far }) => far <= 0.4)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 2)
    .map(({ row }) => row);
}

/** Whether two names are the same, but for what platforms leave out of a name. */
export function isNamed(one: string, other: string): boolean {
  return squeezed(one) !== '' && squeezed(one) === squeezed(other);
}

function alike(word: string): string {
  return word.normalize('NFKC').toLowerCase();
}

/** Letters and digits alone, as Canvas writes a name. */
function squeezed(word: string): string {
  return alike(word).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function localPart(email: string | null): string {
  return alike((email ?? '').split('@')[0] ?? '');
}

/** A name in the order in which it stands, and with its first or last word at the other end: 'Lovelace, Ada' is 'Ada Lovelace'. */
function orders(name: string): string[] {
  const words = name.split(/[\s,]+/).filter((word) => word !== '');
  const [first = '', ...rest] = words;
  const last = words.at(-1) ?? '';
  const turned = [
    [...rest, first],
    [last, ...words.slice(0, -1)],
  ].map((one) => one.join(''));
  const [family, given] = name.split(/,\s*/, 2);
  const named = given === undefined ? [] : [`${given}${family}`];
  return [words.join(''), ...turned, ...named].map(squeezed);
}
