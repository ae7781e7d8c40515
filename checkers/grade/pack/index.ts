/** Packs for services that grade one submission at a time. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { root } from '../../root.ts';
import { BatchError } from '../contract/batch-error.ts';
import { makeFolder } from '../contract/durable.ts';
import { type PackOrder, packedWorkshop } from './workshop-files.ts';

export type { PackOrder } from './workshop-files.ts';

const templates = join(root, 'checkers', 'grade', 'pack');
/** The same pack has the same bytes, whenever it is made. */
const MTIME = new Date('2020-01-01T00:00:00');

/**
 * Writes autograder.zip for Gradescope: setup.sh, run_autograder, and the workshop.
 *
 * @returns its absolute path
 */
export function packGradescope(order: PackOrder): string {
  const script = (name: string): Zippable[string] => [readFileSync(join(templates, 'gradescope', name)), mode(0o755)];
  const zip: Zippable = { 'setup.sh': script('setup.sh'), run_autograder: script('run_autograder') };
  for (const [path, bytes] of packedWorkshop(order)) zip[`workshop/${path}`] = [bytes, mode(0o644)];
  const path = join(order.into, 'autograder.zip');
  writeWhole(path, zipSync(zip, { level: 9 }));
  return path;
}

function mode(bits: number): { os: number; attrs: number; mtime: Date } {
  // Unix, and a plain file.
  return { os: 3, attrs: (0o100000 | bits) << 16, mtime: MTIME };
}

/**
 * Writes what GitHub runs: a workflow for plain Actions, and a folder with an autograder.py for Classroom 50. The seed is in
 * neither: both run where a student may look at all files.
 *
 * @returns absolute paths: of the workflow, and of the autograder
 */
export function packGithub(order: PackOrder): string[] {
  const workflow = join(order.into, '.github', 'workflows', 'grade.yml');
  const text = readFileSync(join(templates, 'github', 'grade.yml'), 'utf8');
  writeWhole(
    workflow,
    text.replace('stage STAGE', () => `stage ${order.stage}`),
  );
  const folder = join(order.into, 'classroom50', 'autograders', `stage-${order.stage}`);
  const autograder = join(folder, 'autograder.py');
  writeWhole(autograder, readFileSync(join(templates, 'github', 'autograder.py')));
  for (const [path, bytes] of packedWorkshop({ ...order, classSeed: null }))
    writeWhole(join(folder, 'workshop', path), bytes);
  return [workflow, autograder];
}

/** Atomic. */
function writeWhole(path: string, data: string | Uint8Array): void {
  makeFolder(dirname(path));
  const unfinished = `${path}.unfinished`;
  try {
    writeFileSync(unfinished, data);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new BatchError(`${path} could not be written: ${(error as Error).message}.`);
  }
}
