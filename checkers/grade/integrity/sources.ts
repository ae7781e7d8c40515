/** The program text of hand-ins, as it is graded. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { Stage } from '../../course/course.ts';
import type { Program } from '../contract/order.ts';
import { ownFolder, removeFolder } from '../contract/own-folders.ts';
import type { Student } from '../contract/result.ts';
import type { Submission } from '../contract/submission.ts';
import { open } from '../intake/open.ts';

/** A file of a program. */
export interface SourceFile {
  name: string;
  text: string;
}

/** What one student handed in. */
export interface Source {
  student: Student;
  files: SourceFile[];
  /** the first member of the group that handed it in; undefined: the student alone did */
  group?: string;
}

const CODE =
  /^\.(ts|mts|cts|js|mjs|cjs|py|c|h|cc|cpp|hpp|go|rs|java|kt|cs|rb|pl|php|swift|zig|ex|exs|hs|ml|scala|lua)$/i;
/** A longer file was not written by a person. */
const LONGEST = 512 * 1024;
const MAX_FILES = 50;

/** The program of a submission; undefined: there is nothing in it that could be run. */
export async function sourceOf(submission: Submission, stage: Stage): Promise<Source | undefined> {
  const folder = mkdtempSync(ownFolder('grade'));
  try {
    const { program } = await open(submission, stage, folder);
    const group = submission.group && { group: submission.group.first };
    return { student: submission.student, files: filesOf(program, folder), ...group };
  } catch {
    // Its mark says why it cannot be run.
    return undefined;
  } finally {
    removeFolder(folder);
  }
}

/** The files of a program that was opened in a private folder. */
export function filesOf(program: Program, folder: string): SourceFile[] {
  const paths = program.kind === 'file' ? [program.path] : codeBelow(program.cwd);
  return paths.slice(0, MAX_FILES).map((path) => fileAt(path, relative(join(folder, 'submission'), path)));
}

function fileAt(path: string, name: string): SourceFile {
  return { name, text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n') };
}

function codeBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => CODE.test(extname(name)) && !/(^|\/)node_modules\//.test(name))
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile() && lstatSync(path).size <= LONGEST);
}
