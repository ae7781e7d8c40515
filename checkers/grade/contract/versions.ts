/** Fingerprints of what a mark depends on: the submission's bytes, the checks, the rubric. */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../root.ts';
import type { Submission } from './submission.ts';

const DIGITS = 16;
/** From the hand-in to the mark, and the programs that judge in a sandbox: what they import decides about a verdict. */
const JUDGES = ['checkers/grade/grade-one.ts', 'scripts/submission-worker.ts', 'scripts/check-worker.ts'];
/** Started or served by those, not imported. Submissions import the last two. */
const BESIDE = ['assets/www', 'scripts/start.mjs', 'linux', 'stages/todo.ts'];
/** Code that prints and explains verdicts: changing it does not invalidate a mark. */
const WORDS_ONLY = /^checkers\/(explain|report)\//;
/** A folder with more in it is known by its first files: that it has so many is reason enough to refuse it. */
const MAX_FILES = 5000;
/** The same for bytes, more than the intake takes: a file may say that it has thousands of gigabytes. */
const MAX_BYTES = 128 * 2 ** 20;

let checks: string | undefined;

/** Of everything that decides about verdicts: the same on every machine with the same checkers. */
export function checksVersion(): string {
  checks ??= hashFiles(judgingFiles());
  return checks;
}

/**
 * The files that decide about a verdict, from the repository on: what the judging programs import, as the bundler finds
 * it, and what they start or serve.
 */
export function judgingFiles(): string[] {
  const { metafile } = buildSync({
    ...{ entryPoints: JUDGES, absWorkingDir: root, bundle: true, write: false, outdir: '.', metafile: true },
    ...{ platform: 'node', format: 'esm', packages: 'external', logLevel: 'silent' },
  });
  const imported = Object.keys(metafile.inputs).filter((name) => !WORDS_ONLY.test(name));
  const others = BESIDE.flatMap((name) => filesBelow(join(root, name), name));
  return [...new Set([...imported, ...others])].filter((name) => !name.endsWith('.test.ts'));
}

function hashFiles(paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.toSorted()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, DIGITS);
}

/** Names from the repository on; of a file, its own. */
function filesBelow(folder: string, name: string): string[] {
  if (lstatSync(folder).isFile()) return [name];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const inner = `${name}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(join(folder, entry.name), inner) : [inner];
  });
}

/** Of a text, e.g. a rubric's. */
export function textVersion(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}

/** Of what was handed in: the bytes of the file, or of everything in the folder. Nothing is opened or followed. */
export async function submissionVersion({ path, parts }: Submission): Promise<string> {
  const hash = createHash('sha256');
  let left = MAX_FILES;
  let bytesLeft = MAX_BYTES;
  const add = async (place: string, name: string): Promise<void> => {
    left -= 1;
    if (left < 0) return;
    const status = lstatSync(place, { throwIfNoEntry: false });
    hash.update(`${name}\0${status?.isDirectory() ? 'folder' : (status?.size ?? 'missing')}\0`);
    if (status?.isSymbolicLink()) hash.update(readlinkSync(place));
    if (status?.isFile() && bytesLeft > 0) {
      const beginning = createReadStream(place, { end: bytesLeft - 1 });
      for await (const bytes of beginning as AsyncIterable<Buffer>) {
        hash.update(bytes);
        bytesLeft -= bytes.length;
      }
    }
    if (!status?.isDirectory()) return;
    for (const inner of readdirSync(place).toSorted()) await add(join(place, inner), `${name}/${inner}`);
  };
  // What cannot be read is told by the intake; here it only has to be the same again.
  for (const part of parts ?? [{ name: '', path }])
    await add(part.path, part.name).catch((error: NodeJS.ErrnoException) => hash.update(`${error.code}`));
  return hash.digest('hex').slice(0, DIGITS);
}
