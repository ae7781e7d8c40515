/** Recognises the export of a learning platform by its own naming, and tells whose each file is. */
import { join } from 'node:path';
import { readBlackboard } from './blackboard.ts';
import { readBrightspace } from './brightspace.ts';
import { readCanvas } from './canvas.ts';
import { readClassroom50, readGithubClassroom } from './clones.ts';
import { readGradescope } from './gradescope.ts';
import { readMoodle } from './moodle.ts';
import { isFolder, namesIn, type Reader, type Reading } from './reading.ts';
import { readSakai } from './sakai.ts';

/** Where two fit equally well, the first counts. */
const SYSTEMS: [name: string, read: Reader][] = [
  ['Gradescope', readGradescope],
  ['Moodle', readMoodle],
  ['Blackboard', readBlackboard],
  ['Brightspace', readBrightspace],
  ['Sakai', readSakai],
  ['Classroom 50', readClassroom50],
  ['GitHub Classroom', readGithubClassroom],
  ['Canvas', readCanvas],
];
/** Folders around everything: the archive's own, and the assignment's within. */
const MAX_AROUND = 2;
/** Left by operating systems. */
const BY_THE_WAY = /^(\..*|__MACOSX|desktop\.ini|thumbs\.db)$/i;

/** An export, and how it was read. */
export interface Export extends Reading {
  system: string;
  /** where the hand-ins are: the folder itself, or the one folder in it */
  folder: string;
}

/** Reads a folder as an export; null: it is a plain folder of hand-ins. */
export function readExport(folder: string, around = 0): Export | null {
  const names = namesIn(folder).filter((name) => !BY_THE_WAY.test(name));
  const found = SYSTEMS.flatMap(([system, read]) => {
    const reading = read(folder, names);
    // A few files that happen to be named so do not make an export of a folder.
    return reading === null || 2 * reading.known.size < names.length ? [] : [{ system, folder, ...reading }];
  });
  const [best] = found.toSorted((a, b) => b.known.size - a.known.size);
  if (best !== undefined) return best;
  const [only = ''] = names;
  const inner = join(folder, only);
  return names.length === 1 && around < MAX_AROUND && isFolder(inner) ? readExport(inner, around + 1) : null;
}
