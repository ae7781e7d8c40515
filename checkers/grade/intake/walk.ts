/** Walks through a submitted folder. Follows no links, opens no files, and stops at the limits. */
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { inWords, MAX_BYTES, MAX_DEPTH, MAX_ENTRIES, Refused, shown } from '../contract/limits.ts';
import type { Part } from '../contract/submission.ts';

/** A file in the folder. */
export interface Found {
  /** from the folder on, with slashes */
  name: string;
  path: string;
  bytes: number;
  executable: boolean;
}

export interface Contents {
  /** regular files, in order of their names */
  files: Found[];
  notes: string[];
}

/** Whether a file or folder of this name is ignored silently. */
export function isByTheWay(name: string): boolean {
  // macOS adds a file such as ._proxy.ts beside each one that it packs.
  return BY_THE_WAY.has(name) || name.startsWith('._');
}

/** Leftovers of tools, and folders that no stage asks for; not worth a note. */
const BY_THE_WAY = new Set([
  '.git',
  'node_modules',
  '__MACOSX',
  '.DS_Store',
  '.workshop',
  '.idea',
  '.vscode',
  'README.md',
]);

/**
 * All regular files.
 *
 * @throws Refused beyond the limits
 */
export function walk(folder: string): Contents {
  return walkParts([{ name: '', path: folder }]);
}

/**
 * All regular files of a hand-in in several parts, under their own names.
 *
 * @throws Refused beyond the limits
 */
export function walkParts(parts: Part[]): Contents {
  const contents: Contents = { files: [], notes: [] };
  const total = { entries: 0, bytes: 0 };
  const add = (path: string, full: string, depth: number): void => {
    const status = lstatSync(path);
    if (status.isDirectory() && depth >= MAX_DEPTH) contents.notes.push(`${shown(full)} lies too deep; left out.`);
    else if (status.isDirectory()) look(path, full, depth + 1);
    else if (status.isFile()) contents.files.push({ name: full, path, ...counted(status, total) });
    else contents.notes.push(`${shown(full)} ${kindOf(status)}; left out.`);
  };
  const look = (place: string, name: string, depth: number): void => {
    for (const inner of readdirSync(place).toSorted()) {
      if (isByTheWay(inner)) continue;
      total.entries += 1;
      if (total.entries > MAX_ENTRIES) throw new Refused(`It has more than ${MAX_ENTRIES} files and folders.`);
      add(join(place, inner), name === '' ? inner : `${name}/${inner}`, depth);
    }
  };
  for (const { name, path } of parts) {
    if (name === '') look(path, '', 0);
    else if (!isByTheWay(name)) add(path, name, 0);
  }
  return contents;
}

function counted({ size, mode }: Stats, total: { bytes: number }): Pick<Found, 'bytes' | 'executable'> {
  total.bytes += size;
  if (total.bytes > MAX_BYTES) throw new Refused(`Its files have more than ${inWords(MAX_BYTES)} together.`);
  return { bytes: size, executable: (mode & 0o111) !== 0 };
}

function kindOf(status: Stats): string {
  if (status.isSymbolicLink()) return 'is a symbolic link, not a file';
  if (status.isFIFO()) return 'is a pipe, not a file';
  if (status.isSocket()) return 'is a socket, not a file';
  return 'is a device, not a file';
}
