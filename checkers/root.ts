/** Where the repository is, whether this code runs from its own file or from a bundle in .workshop/. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the folder of the workshop (with its package.json) was not found');
    folder = parent;
  }
  return folder;
}

function isRoot(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  return JSON.parse(readFileSync(manifest, 'utf8')).name === 'tcp-proxy-workshop';
}

/** Absolute path of the repository. */
export const root = findRoot();

/** Absolute path of generated files, which are never committed: progress, builds, temporary files. */
export const workshopFolder = join(root, '.workshop');

/** A path relative to the repository's root. */
export function fromRoot(path: string): string {
  const short = relative(root, path);
  return short.startsWith('..') ? path : short;
}

/**
 * Writes a file atomically, and makes its folder: readers find it complete, or as it was.
 *
 * @throws Error with a code, e.g. 'ENOSPC'; the file is then as it was
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
