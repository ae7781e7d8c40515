/** Reads a rubric file, and reports what is not allowed in it. */
import { closest, distance } from 'fastest-levenshtein';
import type { Stage } from '../../course/course.ts';

/** A mistake in a rubric; the message says which, and what would be right. */
export class RubricError extends Error {}

/** A rubric file as it is written; everything may be missing. */
export interface RubricFile {
  /** points of a milestone; '4.2': 60 */
  milestones: Map<string, number>;
  /** points of a check; '4.2/idle' or, for the check of that name in every milestone, 'idle' */
  checks: Map<string, number>;
  late: { costPerDay: number; unit: 'percent' | 'points'; most: number; graceMinutes: number } | null;
  flaky: 'majority' | 'pass' | 'fail';
}

type Data = Record<string, unknown>;

const WORDS = ['stage', 'milestones', 'checks', 'late', 'flaky'];
const LATE_WORDS = ['costPerDay', 'unit', 'most', 'graceMinutes'];
const POLICIES = ['majority', 'pass', 'fail'] as const;
const UNITS = ['percent', 'points'] as const;
const MAX_POINTS = 1_000_000;

/**
 * Reads the text of a rubric.
 *
 * @throws RubricError when it makes no sense for this stage
 */
export function parseRubric(text: string, stage: Stage): RubricFile {
  const { unsteady, ...data } = object(parseJson(text), 'A rubric');
  // The name of this policy in older rubrics.
  if (unsteady !== undefined) data.flaky ??= unsteady;
  onlyWords(data, WORDS, 'A rubric');
  if (data.stage !== undefined && data.stage !== stage.number) {
    throw new RubricError(
      `This rubric is for stage ${JSON.stringify(data.stage)}, and stage ${stage.number} is to be graded.`,
    );
  }
  const ids = stage.milestones.map(({ id }) => id);
  const names = stage.milestones.flatMap(({ id, checks }) =>
    checks.flatMap((check) => [check.id, `${id}/${check.id}`]),
  );
  return {
    milestones: points(data.milestones, 'milestones', ids, `milestone of stage ${stage.number}`),
    checks: points(data.checks, 'checks', names, `check of stage ${stage.number}`),
    late: data.late === undefined || data.late === null ? null : latePolicy(object(data.late, "'late'")),
    flaky: oneOf(data.flaky ?? 'majority', POLICIES, "'flaky'"),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RubricError(`The rubric is not JSON: ${(error as Error).message}.`);
  }
}

function object(value: unknown, what: string): Data {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Data;
  throw new RubricError(`${what} is an object, as in {"milestones": {"4.1": 40}}; ${JSON.stringify(value)} is none.`);
}

function onlyWords(data: Data, words: string[], what: string): void {
  for (const word of Object.keys(data)) {
    if (words.includes(word)) continue;
    throw new RubricError(`${what} has no '${word}'.${meant(word, words)} It has: ${words.join(', ')}.`);
  }
}

function points(value: unknown, what: string, known: string[], kind: string): Map<string, number> {
  const entries = value === undefined ? [] : Object.entries(object(value, `'${what}'`));
  for (const [name, number] of entries) {
    if (!known.includes(name)) throw new RubricError(`There is no ${kind} called '${name}'.${meant(name, known)}`);
    if (!Number.isInteger(number) || (number as number) < 0 || (number as number) > MAX_POINTS) {
      throw new RubricError(`The points of '${name}' are a whole number from 0 on; ${JSON.stringify(number)} is none.`);
    }
  }
  return new Map(entries as [string, number][]);
}

function meant(word: string, known: string[]): string {
  const near = closest(word, known);
  return distance(word, near) <= Math.max(2, word.length / 3)
    ? ` Is '${near}' meant?`
    : ` There are: ${known.join(', ')}.`;
}

function latePolicy(data: Data): RubricFile['late'] {
  onlyWords(data, LATE_WORDS, "'late'");
  const unit = oneOf(data.unit ?? 'percent', UNITS, "'unit' of 'late'");
  const most = unit === 'percent' ? 100 : MAX_POINTS;
  return {
    costPerDay: amount(data.costPerDay, 'costPerDay', most),
    unit,
    most: amount(data.most ?? most, 'most', most),
    graceMinutes: amount(data.graceMinutes ?? 0, 'graceMinutes', MAX_POINTS),
  };
}

function amount(value: unknown, name: string, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new RubricError(
    `'${name}' of 'late' is a number from 0 to ${most}; ${JSON.stringify(value) ?? 'nothing'} is none.`,
  );
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[], what: string): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new RubricError(`${what} is one of ${words.join(', ')}; ${JSON.stringify(value)} is none.`);
}
