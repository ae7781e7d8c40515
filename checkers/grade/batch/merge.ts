/** Merges the results of several machines into one class, or reports what does not fit. */

import { BatchError } from '../contract/batch-error.ts';
import { type ClassFile, readClass } from './class-file.ts';
import type { StoredGrade } from './grader.ts';
import { holderOf } from './lock.ts';
import { byId, idsOf, shardWord } from './shard.ts';
import { readResults } from './store.ts';

/** How many missing ids are listed by name; the rest are counted. */
const MAX_NAMED = 5;

/** The results of one machine. */
export interface Part {
  folder: string;
  class: ClassFile;
  grades: StoredGrade[];
}

/**
 * Reads a folder of results, changing nothing in it.
 *
 * @throws BatchError when it is none, is damaged, or is being written to
 */
export function readPart(folder: string): Part {
  const file = readClass(folder);
  if (file === undefined) {
    throw new BatchError(
      `${folder} is not a folder of results: there is no class.json in it. Name those that npm run grade has made.`,
    );
  }
  const holder = holderOf(folder);
  if (holder !== undefined) {
    throw new BatchError(
      `${folder} is still being written to by process ${holder.pid} on ${holder.host}. Wait for its end.`,
    );
  }
  const { grades, wrong } = readResults(folder);
  if (wrong[0] !== undefined) throw new BatchError(`${wrong[0]} Go on there with resume first.`);
  return { folder, class: file, grades };
}

/**
 * One class out of its parts.
 *
 * @throws BatchError for a gap, an overlap, or parts that were not graded in the same way
 */
export function mergeParts(parts: Part[]): { class: ClassFile; grades: StoredGrade[] } {
  const [first, ...others] = parts;
  if (first === undefined)
    throw new BatchError('There is nothing to merge: name the folders of results, e.g. results/*');
  for (const other of others) mustFit(first, other);
  for (const part of parts) mustBeOfItsClass(part);
  mustNotOverlap(parts);
  mustBeWhole(parts);
  const grades = parts.flatMap((part) => part.grades).sort(byId);
  return { class: { ...first.class, shard: null, merged: true }, grades };
}

/** The settings that all parts must share, by their names for people. */
function settings({ stage, classSeed, deadline, versions, ids }: ClassFile): Record<string, string> {
  return {
    stage: String(stage),
    seed: classSeed,
    deadline: deadline ?? 'none',
    checks: versions.checks,
    rubric: versions.rubric,
    class: `${ids.length} students, ${ids[0] ?? ''} to ${ids.at(-1) ?? ''}`,
  };
}

function mustFit(one: Part, other: Part): void {
  const [a, b] = [settings(one.class), settings(other.class)];
  for (const [name, value] of Object.entries(a)) {
    if (value !== b[name]) throw new BatchError(mixed(name, one.folder, value, other.folder, b[name] ?? ''));
  }
  const odd = one.class.ids.find((id, position) => other.class.ids[position] !== id);
  if (odd !== undefined) {
    throw new BatchError(`${one.folder} and ${other.folder} are not of the same class: ${odd} is in one list only.`);
  }
}

function mixed(name: string, one: string, value: string, other: string, otherValue: string): string {
  return `These were not graded in the same way: ${name} is ${value} in ${one}, and ${otherValue} in ${other}. Grade one of them again with the other's.`;
}

/** An interrupted batch whose checks changed holds results of both. */
function mustBeOfItsClass({ folder, class: { versions, classSeed, deadline, stage }, grades }: Part): void {
  const odd = grades.find(
    (grade) =>
      grade.versions.checks !== versions.checks ||
      grade.versions.rubric !== versions.rubric ||
      grade.basis.classSeed !== classSeed ||
      grade.basis.deadline !== deadline ||
      grade.stage !== stage,
  );
  if (odd === undefined) return;
  throw new BatchError(
    `In ${folder} the result of ${odd.student.id} was made with other checks, another rubric, seed, deadline or stage than the rest. Go on there with resume first.`,
  );
}

function mustNotOverlap(parts: Part[]): void {
  const folders = new Map<string, string>();
  for (const { folder, grades } of parts) {
    for (const { student } of grades) {
      const other = folders.get(student.id);
      if (other !== undefined) {
        throw new BatchError(`${student.id} is in ${other} and in ${folder}. Name each part of the class once.`);
      }
      folders.set(student.id, folder);
    }
  }
}

function mustBeWhole(parts: Part[]): void {
  const ids = parts[0]?.class.ids ?? [];
  const graded = new Set(parts.flatMap(({ grades }) => grades.map(({ student }) => student.id)));
  const missing = ids.filter((id) => !graded.has(id));
  if (missing.length === 0) return;
  const whole = parts.flatMap(({ folder, class: { shard, follows } }) => {
    const lacks = idsOf(ids, shard, follows).filter((id) => !graded.has(id)).length;
    return lacks > 0 ? [`${folder} lacks ${lacks}: go on there with resume.`] : [];
  });
  const names = missing.slice(0, MAX_NAMED).join(', ');
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  throw new BatchError(
    `There is a gap: no result of ${names}${more}. ${[...whole, ...missingShards(parts)].join(' ')}`.trim(),
  );
}

function missingShards(parts: Part[]): string[] {
  const shards = parts.flatMap(({ class: { shard } }) => (shard === null ? [] : [shard]));
  const count = shards[0]?.count;
  if (count === undefined) return [];
  const missing = Array.from({ length: count }, (_, index) => ({ index: index + 1, count })).filter(
    ({ index }) => !shards.some((shard) => shard.count === count && shard.index === index),
  );
  if (missing.length === 0) return [];
  return [`Not among these: shard ${missing.slice(0, MAX_NAMED).map(shardWord).join(', ')}.`];
}
