/** The part of the workshop that grades: the content of a pack. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { root } from '../../root.ts';

const FOLDERS = ['assets/www', 'checkers', 'linux', 'scripts', 'solutions', 'stages'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
/** Only for developers of the workshop. */
const LEFT_OUT = /\.test\.ts$|^checkers\/mutants\/golden\/|^checkers\/grade\/fixtures\/|^scripts\/docs\//;

/** Paths from the workshop's root, with '/', in order. */
export function workshopFiles(): string[] {
  const within = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
  return [...FILES, ...within.filter((path) => !LEFT_OUT.test(path))].sort();
}

/** What is packed beside the workshop's own files: how the instructor wants it graded. */
export interface PackOrder {
  /** number of the stage */
  stage: number;
  /** null: the pack lies where others may read it, so the seed is handed over when it grades */
  classSeed: string | null;
  /** absolute path of the rubric; null: the course table's points */
  rubric: string | null;
  /** absolute path of the folder to write to */
  into: string;
}

/** The workshop with its settings: text or bytes by path. */
export function packedWorkshop({ stage, classSeed, rubric }: PackOrder): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>(workshopFiles().map((path) => [path, readFileSync(join(root, path))]));
  const name = rubric === null ? null : `rubric-${basename(rubric)}`;
  if (rubric !== null && name !== null) files.set(name, readFileSync(rubric));
  const settings = { stage, classSeed, rubric: name };
  return files.set('grading.json', Buffer.from(`${JSON.stringify(settings, null, 2)}\n`));
}
