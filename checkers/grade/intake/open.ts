/** Opens a submission: extracts the stage's file into a private folder, and reports what else it contains. */
import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import { sameText, skeletonOf } from '../../course/skeleton.ts';
import { text } from '../../messages/index.ts';
import type { Submission } from '../submission.ts';
import type { Program } from '../worker/order.ts';
import { readBundle } from './bundle.ts';
import { choose } from './choose.ts';
import { kindOfFile } from './kind.ts';
import { Refused, shown } from './limits.ts';
import { findManifest, programOf } from './manifest.ts';
import { isUtf8, readSource } from './source.ts';
import { readTar } from './tar.ts';
import { type Contents, walk } from './walk.ts';
import { readZip } from './zip.ts';

/** An opened submission. */
export interface Opened {
  program: Program;
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
    const contents = await contentsOf(submission, folder);
    found.push(...contents.notes);
    const target = join(folder, 'submission');
    mkdirSync(target);
    const manifest = findManifest(contents.files);
    if (manifest !== undefined) return { program: programOf(manifest, contents.files, target), notes: found };
    const { file, notes } = choose(stage, contents);
    const source = readSource(file.path, file.name);
    const path = join(target, stage.file);
    writeFileSync(path, source);
    return { program: { kind: 'file', path }, notes: [...found, ...notes, ...remarks(stage, source)] };
  } catch (error) {
    throw asRefusal(error, found);
  }
}

async function contentsOf({ path, kind }: Submission, folder: string): Promise<Contents> {
  const inside = join(folder, 'unpacked');
  if (kind === 'missing' && isMangled(path)) throw new Error(text.intake.cannotOpenName(shown(basename(path))));
  if (kind === 'missing') throw new Refused(text.intake.nothingHandedIn(shown(basename(path))));
  if (kind === 'folder') return orItsArchive(walk(path), inside);
  if (lstatSync(path).isSymbolicLink()) throw refusal(path, text.intake.link);
  if (kind === 'file') return { files: [{ name: basename(path), path, bytes: 0, executable: false }], notes: [] };
  return unpack(path, kind, inside);
}

/** Whether a name is not UTF-8: Node puts U+FFFD in place of such bytes, so no file has that name. */
function isMangled(path: string): boolean {
  return basename(path).includes('\uFFFD');
}

/** Some tools put each hand-in into its own folder, unopened: one archive and nothing else. */
async function orItsArchive(contents: Contents, inside: string): Promise<Contents> {
  const [only, ...others] = contents.files;
  if (only === undefined || others.length > 0) return contents;
  const kind = kindOfFile(only.path);
  if (kind === 'file') return contents;
  const unpacked = await unpack(only.path, kind, inside);
  return { files: unpacked.files, notes: [...contents.notes, ...unpacked.notes] };
}

function unpack(path: string, kind: 'zip' | 'tar' | 'bundle', inside: string): Promise<Contents> {
  if (!lstatSync(path).isFile()) throw refusal(path, text.intake.noFile);
  if (kind === 'zip') return readZip(path, inside);
  return kind === 'tar' ? readTar(path, inside) : readBundle(path, inside);
}

/** Notes for the instructor that do not change the mark. */
function remarks(stage: Stage, source: Buffer): string[] {
  const notes = sameText(source.toString(), skeletonOf(stage)) ? [text.intake.skeleton(stage.file)] : [];
  return isUtf8(source) ? notes : [...notes, text.intake.notUtf8(stage.file)];
}

/** An unreadable file is the submission's fault; a full disk is ours. */
function asRefusal(error: unknown, notes: string[]): unknown {
  if (error instanceof Refused) return Object.assign(error, { notes });
  const { code = '', path = '' } = error as NodeJS.ErrnoException;
  const why: Record<string, string> = {
    ENOENT: isMangled(path) ? text.intake.nameNotUtf8 : text.intake.gone,
    EACCES: text.intake.denied,
    EPERM: text.intake.denied,
    ELOOP: text.intake.link,
    ENAMETOOLONG: text.intake.nameTooLong,
  };
  return why[code] === undefined ? error : refusal(path, why[code]);
}

function refusal(path: string, what: string): Refused {
  return new Refused(text.intake.sentence(shown(basename(path)), what));
}
