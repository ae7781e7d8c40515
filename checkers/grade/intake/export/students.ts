/** From a system's attempts to one hand-in for each student. */
import { join } from 'node:path';
import { some } from '../../contract/limits.ts';
import type { Part, Submission } from '../../contract/submission.ts';
import type { Claim } from '../match.ts';
import { momentOf } from '../zone.ts';
import type { Export } from './export.ts';
import type { Attempt } from './reading.ts';

/** The students of an export. */
export interface Students {
  claims: (Claim & { partners: NonNullable<Attempt['partners']>; late: boolean })[];
  /** students of whom an older attempt was left out, or is known not to be in the export */
  newest: number;
  /** one sentence each, for the instructor */
  told: string[];
}

/**
 * Takes the newest attempt of each student.
 *
 * @param zone of times that have none
 */
export function studentsOf({ system, folder, attempts, older }: Export, zone: string): Students {
  const told: string[] = [];
  const ids = grouped(attempts, ({ id }) => id);
  const groups = [...ids].flatMap(([id, all]) => {
    // Where a platform gives no name, the id stands for it.
    const names = grouped(
      all.filter(({ name }) => name !== id),
      ({ name }) => name,
    );
    const [[known] = [id]] = names;
    if (names.size <= 1) return [{ id, all: all.map((attempt) => ({ ...attempt, name: known })) }];
    told.push(
      `The id ${id} belongs to ${names.size} students: ${some([...names.keys()])}. Their names tell them apart.`,
    );
    const nameless = all.filter(({ name }) => name === id);
    const named = [...names].map(([name, own]) => ({ id: `${id} (${name})`, all: own }));
    return nameless.length === 0 ? named : [{ id, all: nameless }, ...named];
  });
  for (const [name, all] of grouped(groups, ({ all }) => all[0]?.name ?? '')) {
    if (all.length > 1) told.push(`${all.length} students are named ${name}: ${all.map(({ id }) => id).join(', ')}.`);
  }
  const claims = groups.map(({ id, all }) => claimOf(id, all, system, folder, zone, older));
  const newest = groups.filter(({ id, all }) => attemptsOf(id, all, older) > 1).length;
  return { claims, newest, told };
}

function grouped<T>(all: T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** How many attempts there were, as far as the export shows. */
function attemptsOf(id: string, all: Attempt[], older: Export['older']): number {
  const replaced = older.some((one) => one.id === id) ? 2 : 1;
  return Math.max(all.length, replaced, all.some(({ again }) => again) ? 2 : 1);
}

function claimOf(
  id: string,
  all: Attempt[],
  system: string,
  folder: string,
  zone: string,
  older: Export['older'],
): Students['claims'][number] {
  const sorted = all.toSorted((a, b) => compare(a.at ?? '', b.at ?? '') || a.order - b.order);
  // A text that was typed in is not a program: an attempt with files counts before one without.
  const counts = (sorted.findLast(({ parts }) => parts.length > 0) ?? sorted.at(-1)) as Attempt;
  const submittedAt = counts.at === null ? null : momentOf(counts.at, zone);
  const many = attemptsOf(id, all, older);
  const notes: string[] = [];
  if (many > 1 && all.length > 1) notes.push(`The newest of ${all.length} attempts counts.`);
  else if (many > 1) notes.push(`It was handed in again; the newest files count.`);
  if (counts.parts.length === 0 && counts.texts.length > 0)
    notes.push(`A text was typed into ${system}, and no file was handed in.`);
  const student = { id, name: counts.name };
  const submission = { ...placed(counts.parts, folder, id), student, submittedAt, ...(notes.length > 0 && { notes }) };
  return { submission, words: counts.also, partners: counts.partners ?? [], late: counts.late };
}

/** One folder is a hand-in like any other; files among those of others are parts. */
function placed(parts: Part[], folder: string, id: string): Pick<Submission, 'kind' | 'path' | 'parts'> {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0 && first.name === '') return { kind: 'folder', path: first.path };
  return { kind: 'parts', path: first?.path ?? join(folder, id), parts };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
