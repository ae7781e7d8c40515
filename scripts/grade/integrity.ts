/** npm run grade integrity FOLDER [stage N] [people FILE] [library FOLDER] [results FOLDER]: compares hand-ins, marks nothing. */
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import { findSubmissions } from '../../checkers/grade/intake/find.ts';
import { integrityLine, writeIntegrity } from '../../checkers/grade/integrity/index.ts';
import { fromRoot } from '../../checkers/root.ts';
import { readWords, WordsError } from '../command-line.ts';
import { classOrder } from './order.ts';
import { placeOf } from './places.ts';

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
  const all = await findSubmissions(order.folder, order.roster);
  const kept = library === undefined ? [] : await findSubmissions(placeOf(library), null);
  makeFolder(results);
  const { found, path } = await writeIntegrity(results, findStage(order.stage) as Stage, all, kept);
  process.stdout.write(`${integrityLine(found)}. Look at: ${fromRoot(path)}\n`);
  return 0;
}
