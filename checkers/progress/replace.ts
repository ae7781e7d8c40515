/** Replaces the learner's file, always after a copy of the old one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { programPath, type Stage } from '../course/course.ts';
import { type Kept, keep, type Reason } from './kept.ts';

/** The result. */
export interface Replaced {
  /** false: the file had that text already, and was not written */
  changed: boolean;
  /** the copy of the old file; undefined if there was none, or nothing changed */
  kept?: Kept;
}

/** The contents of the learner's file; undefined if there is none. */
export function learnersFile(stage: Stage): Buffer | undefined {
  try {
    return readFileSync(programPath(stage, 'stages'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Replaces the learner's file.
 *
 * @param stage whose file
 * @param bytes its new contents
 * @param reason why, for the name of the copy
 * @param isSame whether the file has these contents already
 * @throws Error with a code, e.g. 'EACCES'; the file is unchanged unless there is a copy of it
 */
export function replaceFile(
  stage: Stage,
  bytes: Buffer,
  reason: Reason,
  isSame = (present: Buffer) => present.equals(bytes),
): Replaced {
  const present = learnersFile(stage);
  if (present !== undefined && isSame(present)) return { changed: false };
  const kept = present && keep(stage, present, reason);
  const path = programPath(stage, 'stages');
  mkdirSync(dirname(path), { recursive: true });
  // Into the file itself, not a new one in its place: it may be a link, and an editor may have it open.
  writeFileSync(path, bytes);
  return { changed: true, ...(kept && { kept }) };
}
