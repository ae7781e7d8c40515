/** Opens a submission: extracts the stage's file into a private folder, and reports what else it contains. */
import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import { sameText, skeletonOf } from '../../course/skeleton.ts';
import { MAX_ARCHIVES, Refused, type Spent, shown, some } from '../contract/limits.ts';
import type { Program } from '../contract/order.ts';
import type { Submission } from '../contract/submission.ts';
import { readBundle } from './bundle.ts';
import { choose, fits } from './choose.ts';
import { kindOfFile } from './kind.ts';
import { findManifest, ignoredManifest, programOf } from './manifest.ts';
import { isUtf8, readSource } from './source.ts';
import { readTar } from './tar.ts';
import { type Contents, type Found, walk, walkParts } from './walk.ts';
import { readZip } from './zip.ts';

/** An opened submission. */
export interface Opened {
  program: Program;
  /** the file of the hand-in that decides: the stage's, or workshop.json; from the hand-in or the archive on */
  file: string;
  /** one sentence each */
  notes: string[];
}

/**
 * Opens a submission.
 *
 * @param submission what was handed in
 * @param stage whose file is wanted
 * @param folder private and empty; everything goes there
 * @throws Refused when there is nothing in it that could be run
 */
export async function open(submission: Submission, stage: Stage, folder: string): Promise<Opened> {
  const found: string[] = [];
  try {
    const spent = { entries: 0, bytes: 0 };
    const contents = await withArchives(stage, await contentsOf(submission, folder, spent), folder, spent);
    found.push(...contents.notes);
    const target = join(folder, 'submission');
    mkdirSync(target);
    const { counts: manifest, ignored } = findManifest(stage, contents.files);
    found.push(...ignored.map((one) => ignoredManifest(stage, one)));
    const within = (name: string): string => [...contents.within, name].join(': ');
    if (manifest !== undefined) {
      return { program: programOf(manifest, contents.files, target), file: within(manifest.name), notes: found };
    }
    const { file, notes } = choose(stage, contents);
    const source = readSource(file.path, file.name);
    const path = join(target, stage.file);
    writeFileSync(path, source);
    const all = [...found, ...notes, ...remarks(stage, source)];
    return { program: { kind: 'file', path }, file: within(file.name), notes: all };
  } catch (error) {
    throw asRefusal(error, found);
  }
}

async function contentsOf({ path, kind, parts }: Submission, folder: string, spent: Spent): Promise<Contents> {
  const inside = join(folder, 'unpacked');
  if (kind === 'missing' && isMangled(path))
    throw new Error(`${shown(basename(path))} has a name that is not in UTF-8, so it cannot be opened. Rename it.`);
  if (kind === 'missing') throw new Refused(`Nothing was handed in: there is no ${shown(basename(path))}.`);
  if (kind === 'folder') return walk(path);
  if (kind === 'parts') return walkParts(parts ?? []);
  if (lstatSync(path).isSymbolicLink()) throw refusal(path, 'is a symbolic link, not a file');
  if (kind === 'file') return { files: [{ name: basename(path), path, bytes: 0, executable: false }], notes: [] };
  return unpack(path, kind, inside, spent);
}

/** Whether a name is not UTF-8: Node puts U+FFFD in place of such bytes, so no file has that name. */
function isMangled(path: string): boolean {
  return basename(path).includes('\uFFFD');
}

/** Such files are zip files, too, and hold no program. */
const DOCUMENT = /\.(docx|xlsx|pptx|odt|ods|odp|epub|jar|pages|numbers|key|vsix|apk|whl)$/i;

/**
 * Where no file fits, the program may be in an archive beside a report, or in an archive within the archive.
 *
 * @throws Refused when there are several, or too many within each other
 */
async function withArchives(
  stage: Stage,
  contents: Contents,
  folder: string,
  spent: Spent,
): Promise<Contents & { within: string[] }> {
  let { files, notes } = contents;
  const within: string[] = [];
  for (let depth = 1; findManifest(stage, files).counts === undefined && !fits(stage, files); depth += 1) {
    const archives = files.filter(isArchive);
    const [only] = archives;
    if (only === undefined) break;
    if (archives.length > 1)
      throw refusedWith(
        notes,
        `There is no ${stage.file}, and several archives that it could be in: ${namesOf(archives)}. Hand in one of them.`,
      );
    if (depth > MAX_ARCHIVES)
      throw refusedWith(notes, `There are more than ${MAX_ARCHIVES} archives within each other.`);
    const kind = kindOfFile(only.path) as 'zip' | 'tar' | 'bundle';
    const unpacked = await unpack(only.path, kind, join(folder, `unpacked-${depth}`), spent);
    const others = files.filter((file) => file !== only);
    const beside =
      others.length > 0 ? [`${shown(only.name)} was opened. Not looked at beside it: ${namesOf(others)}.`] : [];
    notes = [...notes, ...beside, ...unpacked.notes];
    files = unpacked.files;
    within.push(only.name);
  }
  return { files, notes, within };
}

function isArchive({ name, path }: Found): boolean {
  return !DOCUMENT.test(name) && kindOfFile(path) !== 'file';
}

function namesOf(files: Found[]): string {
  return some(files.map(({ name }) => name));
}

function refusedWith(notes: string[], sentence: string): Refused {
  return Object.assign(new Refused(sentence), { notes });
}

function unpack(path: string, kind: 'zip' | 'tar' | 'bundle', inside: string, spent: Spent): Promise<Contents> {
  if (!lstatSync(path).isFile()) throw refusal(path, 'is not a file');
  if (kind === 'zip') return readZip(path, inside, spent);
  return kind === 'tar' ? readTar(path, inside, spent) : readBundle(path, inside, spent);
}

/** Notes for the instructor that do not change the mark. */
function remarks(stage: Stage, source: Buffer): string[] {
  const notes = sameText(source.toString(), skeletonOf(stage)) ? [`${stage.file} is the skeleton, unchanged.`] : [];
  return isUtf8(source) ? notes : [...notes, `${stage.file} is not in UTF-8 all through; what is not was read as �.`];
}

/** An unreadable file is the submission's fault; a full disk is ours. */
function asRefusal(error: unknown, notes: string[]): unknown {
  if (error instanceof Refused) return Object.assign(error, { notes });
  const { code = '', path = '' } = error as NodeJS.ErrnoException;
  const why: Record<string, string> = {
    ENOENT: isMangled(path) ? 'has a name that is not in UTF-8' : 'is not there any more',
    EACCES: 'cannot be read: permission denied',
    EPERM: 'cannot be read: permission denied',
    ELOOP: 'is a symbolic link, not a file',
    ENAMETOOLONG: 'has a name that is too long',
  };
  return why[code] === undefined ? error : refusal(path, why[code]);
}

function refusal(path: string, what: string): Refused {
  return new Refused(`${shown(basename(path))} ${what}.`);
}
