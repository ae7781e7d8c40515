/** Shared code of the commands that measure a proxy: race, soak and performance. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fromRoot, workshopFolder } from '../checkers/root.ts';
import { WordsError } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

/** Runs a command with a folder for the programs that it builds, which is removed afterwards. */
export async function withBuilds(command: (builds: string) => Promise<number>): Promise<number> {
  const builds = join(workshopFolder, 'races', `build-${process.pid}`);
  try {
    return await reportErrors(() => command(builds));
  } finally {
    rmSync(builds, { recursive: true, force: true });
  }
}

/**
 * Writes a result, and says so.
 *
 * @param typed a path, relative to the folder where the command was typed
 * @throws WordsError when it cannot be written
 */
export function writeResult(typed: string, content: string): void {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), typed);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    throw new WordsError(`'${path}' cannot be written: ${(error as Error).message}`);
  }
  process.stdout.write(`Written: ${fromRoot(path)}\n`);
}
