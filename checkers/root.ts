/** Where the repository is, whether this code runs from its own file or from a bundle in .workshop/. */
import { existsSync, readFileSync } from 'node:fs';
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
