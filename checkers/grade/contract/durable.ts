/** Atomic writes: a file is complete or absent, also after a power cut. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BatchError } from './batch-error.ts';

const UNFINISHED = /^\..*\.unfinished$/;

/**
 * Writes a file under another name, forces it to the disk, and only then gives it its name.
 *
 * @throws BatchError with a sentence, e.g. for a full disk; what was there before is as it was
 */
export function writeDurably(path: string, text: string | Uint8Array): void {
  const unfinished = unfinishedPath(path);
  try {
    writeAndSync(unfinished, text);
    renameSync(unfinished, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw inWords(error, path);
  }
}

/** The temporary name of an incomplete file: readers ignore it, and the next batch removes it. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.unfinished`);
}

function writeAndSync(path: string, text: string | Uint8Array): void {
  const descriptor = openSync(path, 'w');
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Syncs the folder: only then is the new name on the disk. */
export function syncFolder(folder: string): void {
  // Windows cannot open folders, and does not need this.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder and those above it.
 *
 * @throws BatchError with a sentence
 */
export function makeFolder(folder: string): void {
  try {
    makeEach(folder);
  } catch (error) {
    const why = whyNoFolder(folder) ?? error;
    // Its file system allows no new folders: /proc, for example.
    if ((why as NodeJS.ErrnoException).code === 'ENOENT')
      throw new BatchError(`No folder can be made at ${folder}. Name another place.`);
    throw inWords(why, folder);
  }
}

/** One by one: where folders cannot be made, as in /proc, Node's recursive mkdir retries for ever. */
function makeEach(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeEach(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have just made it.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Where no folder can be made, a recursive mkdir fails with ENOENT, regardless of the real cause. */
function whyNoFolder(folder: string): unknown {
  let above = dirname(folder);
  while (!existsSync(above)) above = dirname(above);
  try {
    accessSync(above, constants.W_OK);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Removes the temporary files of writers that were killed. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true });
}

/** A sentence for a failed write; errors that are not about files stay as they are. */
export function inWords(error: unknown, path: string): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof BatchError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BatchError(
      `The disk is full: ${path} could not be written. What is there already is whole. Make room, then type the command again; a class that was being graded goes on with the word resume.`,
    );
  }
  if (code === 'ENOENT') {
    return new BatchError(
      `${path} could not be written, since its folder was removed meanwhile. Its results are lost; grade again, with: results FOLDER`,
    );
  }
  return new BatchError(`${path} could not be written (${code}). Name another folder with: results FOLDER`);
}
