/** npm run grade integrity FOLDER [stage N] [people FILE] [library FOLDER] [results FOLDER]: compares hand-ins, marks nothing. */
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import type { Submission } from '../../checkers/grade/contract/submission.ts';
import { findSubmissions, takeIn } from '../../checkers/grade/intake/find.ts';
import { integrityLine, writeIntegrity } from '../../checkers/grade/integrity/index.ts';
import { fromRoot } from '../../checkers/root.ts';
import { readWords, WordsError } from '../command-line.ts';
import { classOrder } from './order.ts';
import { placeOf } from './places.ts';
import { withClassIn } from './taken-in.ts';

/** Not that of a class's results, which has to be empty when grading begins. */
const USUAL_PLACE = 'integrity';

const vocabulary = { switches: [], options: ['stage', 'people', 'roster', 'zone', 'library', 'results'], plain: 1 };

export async function integrity(typed: string[]): Promise<number> {
  const words = readWords(typed, vocabulary);
  const [folder] = words.plain;
  if (folder === undefined) {
    throw new WordsError('Which hand-ins are to be compared? For example: npm run grade integrity submissions stage 4');
  }
  const order = classOrder(placeOf(folder), words, undefined);
  const library = words.options.get('library');
  const results = placeOf(words.options.get('results') ?? USUAL_PLACE);
  makeFolder(results);
  const compare = (all: Submission[], kept: Submission[] = []) =>
    writeIntegrity(results, findStage(order.stage) as Stage, all, kept);
  const { found, path } = await withClassIn(order.folder, async (place) => {
    const all = (await takeIn(place, order)).submissions;
    if (library === undefined) return await compare(all);
    return await withClassIn(placeOf(library), async (earlier) => compare(all, await findSubmissions(earlier)));
  });
  process.stdout.write(`${integrityLine(found)}. Look at: ${fromRoot(path)}\n`);
  return 0;
}
