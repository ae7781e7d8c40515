/** class.json in a folder of results: which class it is, how it is graded, and which part of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchError } from '../contract/batch-error.ts';
import { writeDurably } from '../contract/durable.ts';
import type { Shard } from './shard.ts';

/** Incremented when readers of the file have to change. */
export const CLASS_VERSION = 1;

/** Settings that all results of a folder share. Paths are absolute. */
export interface ClassFile {
  version: typeof CLASS_VERSION;
  stage: number;
  classSeed: string;
  deadline: string | null;
  rubric: string | null;
  roster: string | null;
  /** of times in an export that have none; undefined: graded before there were exports */
  zone?: string;
  /** where the submissions were */
  submissions: string;
  versions: { checks: string; rubric: string };
  /** null: the whole class */
  shard: Shard | null;
  /** true: joined from shards */
  merged: boolean;
  /** of the whole class, in order, also in a shard */
  ids: string[];
  /** the first member of a group, for each of its other members; undefined: there are no groups */
  follows?: Record<string, string>;
}

export function classPath(folder: string): string {
  return join(folder, 'class.json');
}

export function writeClass(folder: string, data: ClassFile): void {
  writeDurably(classPath(folder), `${JSON.stringify(data, null, 2)}\n`);
}

/**
 * What class.json says; undefined where there is none.
 *
 * @throws BatchError for one that is damaged
 */
export function readClass(folder: string): ClassFile | undefined {
  let text: string;
  try {
    text = readFileSync(classPath(folder), 'utf8');
  } catch {
    return undefined;
  }
  const data = parsed(text);
  if (data?.version === CLASS_VERSION && Array.isArray(data.ids) && typeof data.classSeed === 'string') {
    return data as ClassFile;
  }
  throw new BatchError(
    `${classPath(folder)} is damaged or of another version. Delete it: the results beside it are kept when you go on with resume and the same words.`,
  );
}

function parsed(text: string): Partial<ClassFile> | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
