/** What to grade and how: from the arguments, and for a resumed batch, from its folder. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassFile } from '../../checkers/grade/batch/class-file.ts';
import { readShard, type Shard, shardOfMachine } from '../../checkers/grade/batch/shard.ts';
import { ISOLATION_LEVELS, type Isolation } from '../../checkers/grade/contract/result.ts';
import type { GradeOrder } from '../../checkers/grade/contract/submission.ts';
import { isDay } from '../../checkers/grade/intake/roster.ts';
import { isZone, zoneHere } from '../../checkers/grade/intake/zone.ts';
import { freshSeed } from '../../checkers/harness/payload.ts';
import { shellPath } from '../../checkers/shell.ts';
import { stageMeant } from '../choosing.ts';
import { didYouMean, type Words, WordsError } from '../command-line.ts';
import { placeOf } from './places.ts';

const LONGEST_SEED = 200;
/** Holds the class's seed: unlike a command line, other users of the machine cannot read an environment. */
const SEED_VARIABLE = 'GRADE_SEED';

/** A class to grade. Paths are absolute. */
export type ClassOrder = Omit<GradeOrder, 'isolation'> & { folder: string; roster: string | null; zone: string };

/**
 * How to grade the class in a folder. Missing arguments keep the values from the start of the batch.
 *
 * @param folder where the submissions are
 * @param before what the folder of results says; undefined: it is a new one
 * @throws WordsError
 */
export function classOrder(folder: string, { options }: Words, before: ClassFile | undefined): ClassOrder {
  const stage = options.get('stage') ?? (before && String(before.stage));
  const [deadline, seed] = [options.get('deadline'), options.get('seed')];
  return {
    stage: stageMeant(stage, `npm run grade ${shellPath(folder)} stage`).number,
    classSeed: seed === undefined ? (before?.classSeed ?? seedOfEnvironment() ?? freshSeed()) : seedOf(seed),
    deadline: deadline === undefined ? (before?.deadline ?? null) : deadlineOf(deadline),
    rubric: fileOf(options.get('rubric'), 'rubric') ?? before?.rubric ?? null,
    roster: listNamed(options) ?? before?.roster ?? null,
    zone: zoneNamed(options) ?? before?.zone ?? zoneHere(),
    folder,
  };
}

/** The class list: `people FILE`, or `roster FILE`, its older name. @throws WordsError */
export function listNamed(options: Words['options']): string | undefined {
  if (options.has('people') && options.has('roster')) {
    throw new WordsError("'people' and 'roster' are two names for one list. Keep one of them: people FILE");
  }
  return fileOf(options.get('people'), 'people') ?? fileOf(options.get('roster'), 'roster');
}

/**
 * The zone of times in an export that have none: as named, else that of the deadline as it was typed.
 *
 * @throws WordsError
 */
export function zoneNamed(options: Words['options']): string | undefined {
  const zone = options.get('zone');
  if (zone === undefined) return /(Z|[+-]\d\d:?\d\d)$/i.exec(options.get('deadline') ?? '')?.[1]?.toUpperCase();
  if (isZone(zone)) return zone;
  throw new WordsError(`There is no time zone '${zone}'. Expected, for example: zone Europe/Berlin or zone +02:00`);
}

export function seedOf(word: string): string {
  if (word.length <= LONGEST_SEED && !/\p{Cc}/u.test(word)) return word;
  throw new WordsError(`The seed of a class is one line of up to ${LONGEST_SEED} characters, e.g. autumn-26.`);
}

/** The seed in GRADE_SEED; undefined: there is none, or it is empty, as a secret that was not set. */
export function seedOfEnvironment(): string | undefined {
  const seed = process.env[SEED_VARIABLE];
  return seed ? seedOf(seed) : undefined;
}

/** The seed as a log may show it: one that came in GRADE_SEED is a secret. */
export function seedToShow(classSeed: string): string {
  return classSeed === process.env[SEED_VARIABLE] ? `from ${SEED_VARIABLE}` : classSeed;
}

export function deadlineOf(word: string): string {
  const moment = new Date(word);
  if (/T\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/i.test(word) && isDay(word) && !Number.isNaN(moment.getTime()))
    return moment.toISOString();
  throw new WordsError(
    `A deadline is a moment with its zone, e.g. 2026-10-01T23:59+02:00 or 2026-10-01T21:59Z; '${word}' is not.`,
  );
}

function fileOf(word: string | undefined, what: string): string | undefined {
  if (word === undefined) return undefined;
  const path = placeOf(word);
  if (!existsSync(path)) throw new WordsError(`There is no file ${path}. Name the ${what} with: ${what} FILE`);
  if (!statSync(path).isFile()) throw new WordsError(`${path} is no file. Name the ${what} with: ${what} FILE`);
  return path;
}

/** The part of the class that the words name; null: none. */
export function shardNamed({ options }: Words): Shard | null {
  const word = options.get('shard');
  if (word === undefined) return null;
  return word === 'auto' ? shardOfMachine(process.env) : readShard(word);
}

/** @throws WordsError for shards without a seed: each would make up one of its own */
export function mustHaveSeed({ options }: Words, shard: Shard | null, before: ClassFile | undefined): void {
  if (shard === null || options.has('seed') || before !== undefined || seedOfEnvironment() !== undefined) return;
  throw new WordsError('All shards of a class need the same seed. Add one, e.g. seed autumn-26');
}

/** The results folder: as named, or in the current folder. */
export function resultsPlace({ options }: Words, shard: Shard | null): string {
  const said = options.get('results');
  if (said !== undefined) return placeOf(said);
  return shard === null ? placeOf('results') : join(placeOf('results'), `shard-${shard.index}-of-${shard.count}`);
}

/** The level below which nothing is to be graded. @throws WordsError */
export function levelRequired({ options }: Words): Isolation | null {
  const word = options.get('require');
  if (word === undefined) return null;
  const level = ISOLATION_LEVELS.find((known) => known === word);
  if (level !== undefined) return level;
  const levels = ISOLATION_LEVELS.join(', ');
  throw new WordsError(
    `There is no isolation '${word}'. From the strongest on: ${levels}.${didYouMean(word, [...ISOLATION_LEVELS])}`,
  );
}
