/** Finds the stage's file among the files of a submission. */
import { course, type Stage } from '../../course/course.ts';
import { Refused, shown, some } from '../contract/limits.ts';
import type { Contents, Found } from './walk.ts';

/** Archives that are not read here. */
const OTHER_ARCHIVE = /\.(bz2|tbz2?|zst|lz4?|7z|rar)$/i;

/** The file, and what there is to say about the choice. */
export interface Choice {
  file: Found;
  notes: string[];
}

/** Where a stage's file may lie in a whole workshop that was handed in, best first. */
function places({ folder, file }: Stage): string[] {
  return [file, `${folder}/${file}`, `stages/${folder}/${file}`];
}

/**
 * Chooses the stage's file: by its place, else by its name, else the only TypeScript that there is.
 *
 * @throws Refused when there is none, or the choice is ambiguous
 */
export function choose(stage: Stage, { files: all }: Contents): Choice {
  const files = withoutSolutions(all);
  const file = byPlace(stage, files) ?? byName(stage, files) ?? byOtherName(stage, files);
  if (file === undefined) throw new Refused(nothing(stage, files, all.length > files.length));
  const notes: string[] = [];
  const other = otherStage(stage, file);
  if (other !== undefined) notes.push(`${shown(file.name)} lies in the folder of stage ${other.number}.`);
  if (basename(file) !== stage.file)
    notes.push(`The file is named ${shown(file.name)}; it was taken as ${stage.file}.`);
  const twin = files.find((other) => other !== file && other.name.toLowerCase() === file.name.toLowerCase());
  if (twin !== undefined)
    notes.push(`${shown(twin.name)} has the same name but for its case; ${shown(file.name)} counts.`);
  const others = files.filter((other) => other !== file).map(({ name }) => name);
  if (others.length > 0)
    notes.push(`Not looked at, since stage ${stage.number} is ${stage.file} alone: ${some(others)}.`);
  return { file, notes };
}

/** Whether there is a file that could be the stage's; also where there are several. */
export function fits(stage: Stage, all: Found[]): boolean {
  const files = withoutSolutions(all);
  try {
    return (byPlace(stage, files) ?? byName(stage, files) ?? byOtherName(stage, files)) !== undefined;
  } catch (error) {
    if (error instanceof Refused) return true;
    throw error;
  }
}

function byPlace(stage: Stage, files: Found[]): Found | undefined {
  // An archive often has one folder around everything.
  const inner = (name: string): string => name.slice(name.indexOf('/') + 1);
  for (const place of places(stage)) {
    const file = files.find(({ name }) => name === place);
    if (file !== undefined) return file;
  }
  for (const place of places(stage)) {
    const wrapped = files.filter(({ name }) => name.includes('/') && inner(name) === place);
    if (wrapped.length > 1) throw new Refused(several(stage, wrapped));
    if (wrapped[0] !== undefined) return wrapped[0];
  }
  return undefined;
}

function byName(stage: Stage, files: Found[]): Found | undefined {
  const named = files.filter((file) => basename(file) === stage.file);
  if (named.length > 1) throw new Refused(several(stage, named));
  return named[0];
}

function several({ file }: Stage, found: Found[]): string {
  return `There are several ${file}, and only one can be graded: ${some(found.map(({ name }) => name))}.`;
}

/** 'Proxy.ts', 'proxy (1).ts', 'my-proxy.ts': if it is the only TypeScript, it is clear what is meant. */
function byOtherName({ file: wanted }: Stage, files: Found[]): Found | undefined {
  const same = files.filter((file) => basename(file).toLowerCase() === wanted.toLowerCase());
  if (same.length === 1) return same[0];
  const typescript = files.filter(({ name }) => /\.[cm]?ts$/i.test(name) && !/\.d\.[cm]?ts$/i.test(name));
  return typescript.length === 1 ? typescript[0] : undefined;
}

function nothing({ file }: Stage, files: Found[], hasSolutions: boolean): string {
  if (hasSolutions && files.length === 0)
    return `There is no ${file} outside of solutions/, which is the course’s. Hand in your own file.`;
  if (files.length === 0) return `There is no file in it. Expected: ${file}.`;
  const found = `There is no ${file}. Found instead: ${some(files.map(({ name }) => name))}.`;
  return files.some(({ name }) => OTHER_ARCHIVE.test(name))
    ? `${found} Of archives, zip, tar, tar.gz, tar.xz and git bundles are read.`
    : found;
}

function basename({ name }: Found): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A submission of the whole workshop also contains our solutions; those never count. */
export function withoutSolutions(files: Found[]): Found[] {
  return files.filter(({ name }) => !name.toLowerCase().split('/').slice(0, -1).includes('solutions'));
}

/** The stage in whose folder a file lies, where that is another one. */
function otherStage(stage: Stage, { name }: Found): Stage | undefined {
  return course.find(({ folder }) => folder !== stage.folder && name.split('/').slice(0, -1).includes(folder));
}
