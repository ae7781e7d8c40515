/**
 * The programs that judge, taken aside for as long as a grader runs: a class takes minutes, and whoever works on the
 * workshop meanwhile, or types another `npm run`, makes new bundles and throws away the old ones.
 */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root, workshopFolder } from '../../root.ts';
import { ownFolder, removeOrphans } from '../own-folders.ts';

/** Where bundles are; sandboxes are shown them there. */
const bundles = join(workshopFolder, 'scripts');
/** What is started in a sandbox: the one that judges, and the one for a check in a network of its own. */
const WORDS = ['submission-worker', 'worker'];

/**
 * Has them made and taken aside. They go away with this process, or, should it be killed, with the next grader.
 *
 * @param env for what makes them
 * @returns the folder that they are in; undefined where nothing can be written, so that nobody can change them either
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
    // In a sandbox the worker is another user, and the umask must not decide whether that user reaches its program.
    for (const place of [folder, bundles]) chmodSync(place, 0o755);
    // The folder above also holds a learner's copies: others may go through it, not list it.
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
