/** The results folder: one file per submission, and no other file that could be taken for one. */
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { BatchError } from '../contract/batch-error.ts';
import { makeFolder, removeUnfinished, syncFolder, writeDurably } from '../contract/durable.ts';
import { fileNameOf } from '../contract/file-name.ts';
import type { StoredGrade } from './grader.ts';
import { byId } from './shard.ts';
import { readStored } from './stored.ts';

/** Results on the disk. */
export class Store {
  readonly folder: string;
  readonly #results: string;

  /** @throws BatchError when the folder cannot be made */
  constructor(folder: string) {
    this.folder = folder;
    this.#results = resultsFolder(folder);
    makeFolder(this.#results);
  }

  /** Writes a result as soon as it is known. @throws BatchError e.g. for a full disk */
  put(grade: StoredGrade): void {
    writeDurably(this.pathOf(grade.student.id), `${JSON.stringify(grade, null, 2)}\n`);
  }

  pathOf(id: string): string {
    return join(this.#results, `${fileNameOf(id)}.json`);
  }

  /**
   * Cleans up the folder after the last grader, which may have been killed.
   *
   * @returns a sentence for each file that was put aside
   */
  tidy(ids: Set<string>): string[] {
    for (const place of [this.folder, ...foldersIn(this.folder)]) removeUnfinished(place);
    return readdirSync(this.#results)
      .toSorted()
      .flatMap((name) => {
        const wrong = this.#wrongWith(name, ids);
        return wrong === undefined ? [] : [this.#putAside(name, wrong)];
      });
  }

  #wrongWith(name: string, ids: Set<string>): string | undefined {
    const read = readFile(join(this.#results, name));
    if ('wrong' in read) return read.wrong;
    const { id } = read.grade.student;
    if (name !== `${fileNameOf(id)}.json`) return `holds the result of ${id}, whose file has another name`;
    return ids.has(id) ? undefined : `is of ${id}, who is not in this class`;
  }

  #putAside(name: string, wrong: string): string {
    const aside = join(this.folder, 'aside');
    makeFolder(aside);
    let place = join(aside, name);
    for (let number = 2; existsSync(place); number += 1) place = join(aside, `${name}.${number}`);
    renameSync(join(this.#results, name), place);
    syncFolder(aside);
    syncFolder(this.#results);
    return `results/${name} ${wrong}, so it was put aside (${place}).`;
  }

  /** All results, in order of the ids. Damaged ones are left out: see `tidy`. */
  all(): StoredGrade[] {
    return readResults(this.folder).grades;
  }
}

/** Where the results are in a folder of a batch. */
export function resultsFolder(folder: string): string {
  return join(folder, 'results');
}

/** All results of a folder, read only, and a sentence for each file that is not a result. */
export function readResults(folder: string): { grades: StoredGrade[]; wrong: string[] } {
  const grades: StoredGrade[] = [];
  const wrong: string[] = [];
  for (const name of namesIn(resultsFolder(folder))) {
    const read = readFile(join(resultsFolder(folder), name));
    if ('grade' in read) grades.push(read.grade);
    else wrong.push(`${join(resultsFolder(folder), name)} ${read.wrong}.`);
  }
  return { grades: grades.sort(byId), wrong };
}

function readFile(path: string): ReturnType<typeof readStored> {
  try {
    return readStored(readFileSync(path, 'utf8'));
  } catch (error) {
    return { wrong: `cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** Results, pages and reports each have one. */
function foldersIn(folder: string): string[] {
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return inside.map(({ name }) => join(folder, name));
}

/** Names that do not begin with a dot, in order. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .toSorted();
  } catch {
    return [];
  }
}

const GO_ON = 'Add the word resume to go on there, or name another folder with: results FOLDER';

/**
 * A folder for something new has nothing in it.
 *
 * @param advice what to do otherwise
 * @throws BatchError when it has
 */
export function mustBeEmpty(folder: string, advice = GO_ON): void {
  const found = namesIn(folder).filter((name) => name !== 'lock');
  if (found.length === 0) return;
  const what = existsSync(resultsFolder(folder)) ? 'There are results in' : 'There is something in';
  throw new BatchError(`${what} ${folder} already, and what is new is not mixed with it. ${advice}`);
}
