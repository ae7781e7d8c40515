/** Unpacks the archive of a whole class into a private folder, under the names that the archive gives. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { course } from '../../../course/course.ts';
import { Refused, shown } from '../../contract/limits.ts';
import { ownFolder, removeFolder } from '../../contract/own-folders.ts';
import { kindOfFile } from '../kind.ts';
import { MANIFEST } from '../manifest.ts';
import { readTar } from '../tar.ts';
import { readZip } from '../zip.ts';
import { isFolder, namesIn } from './reading.ts';

/** Limits of a whole class: thousands of students with repositories of their own. */
const MOST = { entries: 400_000, bytes: 8 * 2 ** 30 };

/** An unpacked export. */
export interface Unpacked {
  folder: string;
  /** one sentence for each entry that was left out */
  notes: string[];
  remove: () => void;
}

/** Whether a path is an archive, as platforms hand one out. */
export function isArchiveFile(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() === true && ['zip', 'tar'].includes(kindOfFile(path));
}

/**
 * Unpacks an archive. `remove` takes the folder away again.
 *
 * @throws Refused when it cannot be unpacked, or is one student's hand-in
 */
export async function unpackExport(path: string): Promise<Unpacked> {
  const folder = mkdtempSync(ownFolder('export'));
  try {
    const read = kindOfFile(path) === 'zip' ? readZip : readTar;
    const { files, notes } = await read(path, join(folder, 'numbered'), { entries: 0, bytes: 0, most: MOST });
    const target = join(folder, 'named');
    mkdirSync(target);
    for (const { name, path: numbered, executable } of files) notes.push(...move(numbered, target, name, executable));
    const inside = withoutWrapper(target);
    mustBeOfAClass(path, inside);
    return { folder: inside, notes, remove: () => removeFolder(folder) };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** A name may be a file's and a folder's at once, or too long when all its folders are put together. */
function move(from: string, target: string, name: string, executable: boolean): string[] {
  const to = join(target, name);
  try {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    if (executable) chmodSync(to, 0o700);
    return [];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ENOTEMPTY'].includes(code)) throw error;
    return [`${shown(name)} cannot be unpacked (${code}); left out.`];
  }
}

/** An archive often has one folder around everything. */
function withoutWrapper(folder: string): string {
  const [only, ...others] = namesIn(folder).filter((name) => !name.startsWith('.'));
  const inner = join(folder, only ?? '');
  if (only === undefined || others.length > 0 || !isFolder(inner)) return folder;
  return namesIn(inner).length > 1 && !isOneHandIn(inner) ? inner : folder;
}

function isOneHandIn(folder: string): boolean {
  const own = new Set([...course.map(({ file }) => file), MANIFEST, 'stages', 'src', 'package.json']);
  return namesIn(folder).some((name) => own.has(name));
}

function mustBeOfAClass(path: string, folder: string): void {
  if (!isOneHandIn(folder)) return;
  throw new Refused(
    `${path} holds the files of one student; the archive of a class was expected. Put it into a folder and grade that: mkdir class && mv ${shown(path)} class`,
  );
}
