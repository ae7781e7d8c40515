/**
 * Copies of the judging programs, kept while a grader runs: a class takes minutes, and an edit of the workshop
 * or another `npm run` meanwhile makes new bundles and deletes the old ones.
 */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root, workshopFolder } from '../../root.ts';
import { ownFolder, removeOrphans } from '../contract/own-folders.ts';

/** The folder of the bundles, also in sandboxes. */
const bundles = join(workshopFolder, 'scripts');
/** The programs that start in a sandbox: the judge, and the worker for a check in its own network. */
const WORDS = ['submission-worker', 'check-worker'];

/**
 * Builds and copies the bundles. This process removes them when it ends; if it is killed, the next grader does.
 *
 * @param env for what makes them
 * @returns the folder that they are in; undefined if the workshop is read-only, so that they cannot change anyway
 */
export async function bundlesAside(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folder = freshFolder();
  const start = join(root, 'scripts', 'start.mjs');
  const where = folder === undefined ? [] : [folder];
  for (const word of WORDS) await promisify(execFile)(process.execPath, [start, word, 'prepare', ...where], { env });
  return folder;
}

function freshFolder(): string | undefined {
  try {
    mkdirSync(bundles, { recursive: true });
    removeOrphans(bundles);
    const folder = mkdtempSync(ownFolder('bundles', bundles));
    // In a sandbox the worker is another user, who must be able to read its program under any umask.
    for (const place of [folder, bundles]) chmodSync(place, 0o755);
    // The folder above also holds a learner's copies: other users may traverse it, but not list it.
    chmodSync(workshopFolder, (statSync(workshopFolder).mode & 0o777) | 0o711);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * What a word does that is to be taken aside.
 *
 * @param url of its bundle
 * @param folder undefined: it is enough that the bundle was made
 * @returns the exit code
 */
export function takeAside(url: string, folder: string | undefined): number {
  if (folder === undefined) return 0;
  const path = fileURLToPath(url);
  const word = WORDS.find((one) => path.startsWith(`${join(bundles, one)}-`));
  if (word === undefined) return 1;
  const copy = join(folder, `${word}.mjs`);
  copyFileSync(path, copy);
  chmodSync(copy, 0o644);
  return 0;
}
