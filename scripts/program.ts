/** The TypeScript program of a stage: the learner's, or ours. */
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { programPath, type Stage } from '../checkers/course/course.ts';
import { fromRoot, workshopFolder } from '../checkers/root.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { buildProgram } from '../checkers/run/build.ts';

/** The owner of the program. */
export type Whose = 'learner' | 'solution';

/** A program on disk, as it is now. */
export interface ProgramFile {
  /** absolute path */
  path: string;
  source: Buffer;
}

/**
 * Reads the program of a stage.
 *
 * @throws CannotRun when it is not there, or cannot be read
 */
export function readProgram(stage: Stage, whose: Whose): ProgramFile {
  const path = programPath(stage, whose === 'solution' ? 'solutions' : 'stages');
  try {
    return { path, source: readFileSync(path) };
  } catch (error) {
    const back = whose === 'solution' ? `git checkout -- ${fromRoot(path)}` : `npm run reset ${stage.number}`;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? `There is no ${fromRoot(path)}.` : `${fromRoot(path)} cannot be read (${String(error)}).`;
    throw new CannotRun(`${what} Bring it back with: ${back}`);
  }
}

/**
 * Builds a program to play with, as the judge does: tsx takes a question mark in a folder's name for the end of the path.
 *
 * @returns how to start it
 * @throws BuildFailure when it has mistakes that keep it from running
 */
export async function commandFor(path: string): Promise<string[]> {
  const place = fromRoot(dirname(path));
  const [own, shared] = [join(workshopFolder, `play-${process.pid}`), join(workshopFolder, 'play')];
  try {
    const { argv } = await buildProgram(path, join(own, place));
    const built = argv.at(-1) as string;
    const kept = join(shared, place, basename(built));
    mkdirSync(dirname(kept), { recursive: true });
    // Two of them in one pipeline build at the same time: a rename never shows half a file.
    for (const end of ['.map', '']) renameSync(built + end, kept + end);
    return [...argv.slice(0, -1), kept];
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
