/** Putting another text into the learner's file, never without a copy of what was there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { programPath, type Stage } from '../course/course.ts';
import { type Kept, keep, type Reason } from './kept.ts';

/** What came of it. */
export interface Replaced {
  /** false: the file was like that already, and was left alone */
  changed: boolean;
  /** the copy of what was there; undefined where there was no file, or nothing changed */
  kept?: Kept;
}

/** What is in the learner's file; undefined where there is none. */
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
 * @param bytes what is to be in it
 * @param reason why, for the name of the copy
 * @param isSame whether the file is like that already
 * @throws Error with a code, e.g. 'EACCES'; the file is as it was unless there is a copy of it
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
