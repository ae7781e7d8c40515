/** npm run grade merge PART PART … [results FOLDER] [anonymise]: one class out of what several machines graded. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { adjustedIn, joinedAdjustments, keptAdjustments } from '../../checkers/grade/batch/adjust.ts';
import { readClass, writeClass } from '../../checkers/grade/batch/class-file.ts';
import { lockFolder } from '../../checkers/grade/batch/lock.ts';
import { mergeParts, readPart } from '../../checkers/grade/batch/merge.ts';
import { replaysFolder, writeAllReports } from '../../checkers/grade/batch/reports.ts';
import { mustBeEmpty, resultsFolder, Store } from '../../checkers/grade/batch/store.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import { fromRoot } from '../../checkers/root.ts';
import { readWords } from '../command-line.ts';
import { adjustmentsNamed, keepAndTell } from './adjusting.ts';
import { placeOf } from './places.ts';
import { tableOf } from './summary.ts';

const MAX_PARTS = 10_000;
const USUAL_PLACE = 'merged';

const vocabulary = { switches: ['anonymise'], options: ['results', 'adjust'], plain: MAX_PARTS };

export async function merge(typed: string[]): Promise<number> {
  const { plain, options, switches } = readWords(typed, vocabulary);
  const folder = placeOf(options.get('results') ?? USUAL_PLACE);
  // results/* may include an earlier merge.
  const parts = plain
    .map(placeOf)
    .filter((part) => part !== folder)
    .map(readPart);
  const { class: file, grades: unadjusted } = mergeParts(parts);
  makeFolder(folder);
  const unlock = lockFolder(folder);
  try {
    if (readClass(folder)?.merged) {
      for (const old of [resultsFolder(folder), replaysFolder(folder)]) rmSync(old, { recursive: true, force: true });
    } else mustBeEmpty(folder, 'Name another folder with: results FOLDER');
    const store = new Store(folder);
    for (const grade of unadjusted) store.put(grade);
    const kept = joinedAdjustments(parts.map((part) => keptAdjustments(part.folder)));
    keepAndTell(folder, adjustmentsNamed({ options }) ?? kept, file.ids);
    const grades = adjustedIn(folder, unadjusted);
    for (const part of parts) copyReplays(part.folder, folder);
    writeClass(folder, file);
    const anonymise = switches.has('anonymise');
    const { stage, classSeed } = file;
    process.stdout.write(tableOf({ stage, classSeed, grades }, anonymise));
    const page = await writeAllReports({ folder, stage, classSeed, grades, anonymise });
    process.stdout.write(
      `\n${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, ${grades.length} submissions. Reports: ${fromRoot(page)}\n`,
    );
    return grades.some(({ status }) => status === 'broken') ? 1 : 0;
  } finally {
    unlock();
  }
}

function copyReplays(from: string, to: string): void {
  if (existsSync(replaysFolder(from))) cpSync(replaysFolder(from), replaysFolder(to), { recursive: true });
}
