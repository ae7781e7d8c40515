/** The kind of a submitted file: by its first bytes, since names can mislead, else by its name. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { isXz } from './xz.ts';

export type FileKind = 'zip' | 'tar' | 'bundle' | 'file';

const TAR_MAGIC_AT = 257;

const endings: [RegExp, FileKind][] = [
  [/\.zip$/i, 'zip'],
  [/\.(tar|tgz|tar\.gz|txz|tar\.xz)$/i, 'tar'],
  [/\.bundle$/i, 'bundle'],
];

/** The kind of a file; by its name if it cannot be read. */
export function kindOfFile(path: string): FileKind {
  const head = headOf(path);
  if (head.subarray(0, 2).toString('latin1') === 'PK' && (head[2] ?? 9) < 9) return 'zip';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'tar';
  if (isXz(head)) return 'tar';
  if (/^# v\d git bundle/.test(head.toString('latin1', 0, 20))) return 'bundle';
  if (head.toString('latin1', TAR_MAGIC_AT, TAR_MAGIC_AT + 5) === 'ustar') return 'tar';
  return endings.find(([ending]) => ending.test(path))?.[1] ?? 'file';
}

/** The first bytes of a file; none if it cannot be read. */
export function headOf(path: string): Buffer {
  const head = Buffer.alloc(TAR_MAGIC_AT + 5);
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return head.subarray(0, readSync(file, head, 0, head.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

/** A file's name without the extension of its kind: 'alice.tar.gz' → 'alice' */
export function withoutEnding(name: string): string {
  const short = name.replace(/\.(tar\.(gz|bz2|xz|zst)|tar|tgz|tbz2?|txz|zip|rar|7z|bundle|[cm]?[jt]s)$/i, '');
  return short === '' ? name : short;
}
