/** Shards of a class for several machines: every n-th submission of the sorted list. */
import { BatchError } from '../contract/batch-error.ts';
import type { Submission } from '../contract/submission.ts';

/** Part `index` of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

const MOST = 10_000;

/**
 * A shard from '3/10'.
 *
 * @throws BatchError for anything else
 */
export function readShard(word: string): Shard {
  const [, index = '', count = ''] = /^(\d{1,5})\/(\d{1,5})$/.exec(word) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index !== '' && shard.index >= 1 && shard.index <= shard.count && shard.count <= MOST) return shard;
  throw new BatchError(
    `A shard is its number and how many there are, e.g. shard 3/10 (1/10 to 10/10); '${word}' is not.`,
  );
}

/**
 * The shard that a continuous-integration system or Kubernetes says we are, where the word was 'auto'.
 *
 * @throws BatchError when none of them says so
 */
export function shardOfMachine(env: NodeJS.ProcessEnv): Shard {
  const { CI_NODE_INDEX, CI_NODE_TOTAL, JOB_COMPLETION_INDEX, JOB_COMPLETIONS } = env;
  if (CI_NODE_INDEX && CI_NODE_TOTAL) return readShard(`${CI_NODE_INDEX}/${CI_NODE_TOTAL}`);
  // Kubernetes counts from 0, and gives the total only if the job's manifest sets it.
  if (JOB_COMPLETION_INDEX && JOB_COMPLETIONS) {
    return readShard(`${Number(JOB_COMPLETION_INDEX) + 1}/${JOB_COMPLETIONS}`);
  }
  throw new BatchError(
    'shard auto reads CI_NODE_INDEX and CI_NODE_TOTAL (from 1), or JOB_COMPLETION_INDEX (from 0) and JOB_COMPLETIONS. They are not set; name the shard, e.g. shard 3/10.',
  );
}

/** The items of a shard, from a list with the same order on every machine. */
export function partOf<T>(sorted: T[], shard: Shard | null): T[] {
  if (shard === null) return sorted;
  return sorted.filter((_, position) => position % shard.count === shard.index - 1);
}

/**
 * The ids of a shard. A group is in the shard of its first member, so that it is judged once.
 *
 * @param follows the first member of a group, for each of its other members
 */
export function idsOf(sorted: string[], shard: Shard | null, follows: Record<string, string> = {}): string[] {
  const first = (id: string): string => (Object.hasOwn(follows, id) ? (follows[id] ?? id) : id);
  const mine = new Set(
    partOf(
      sorted.filter((id) => first(id) === id),
      shard,
    ),
  );
  return sorted.filter((id) => mine.has(first(id)));
}

/** Who follows whom in a class: see `idsOf`. */
export function followsIn(submissions: Pick<Submission, 'student' | 'group'>[]): Record<string, string> {
  return Object.fromEntries(
    submissions.flatMap(({ student: { id }, group }) =>
      group === undefined || group.first === id ? [] : [[id, group.first]],
    ),
  );
}

/** The submissions of a shard of the class. */
export function submissionsOf(all: Submission[], shard: Shard | null): Submission[] {
  const ids = new Set(
    idsOf(
      all.map(({ student }) => student.id),
      shard,
      followsIn(all),
    ),
  );
  return all.filter(({ student }) => ids.has(student.id));
}

/** '3/10' */
export function shardWord({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The order of a class: by code units, independent of the locale. */
export function byId(a: { student: { id: string } }, b: { student: { id: string } }): number {
  if (a.student.id === b.student.id) return 0;
  return a.student.id < b.student.id ? -1 : 1;
}
