/** npm run grade generate 500 FOLDER [stage N] [seed S]: a class to try the grader with. */
import { writeFileSync } from 'node:fs';
import { makeFolder } from '../../checkers/grade/batch/durable.ts';
import { writeGeneratedClass } from '../../checkers/grade/batch/generated-class.ts';
import { mustBeEmpty } from '../../checkers/grade/batch/store.ts';
import { stageMeant } from '../choosing.ts';
import { readWords, WordsError } from '../command-line.ts';
import { countOf, placeOf } from './places.ts';

const MOST = 100_000;
const vocabulary = { switches: [], options: ['stage', 'seed'], plain: 2 };

export async function generate(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const [count, typedFolder] = plain;
  if (count === undefined || typedFolder === undefined) {
    throw new WordsError('How many, and where to? For example: npm run grade generate 40 submissions');
  }
  const stage = stageMeant(options.get('stage'), 'npm run grade generate 40 submissions stage');
  const students = countOf(count, 'How many', MOST);
  const folder = placeOf(typedFolder);
  makeFolder(folder);
  mustBeEmpty(folder, 'Name a folder that is empty or not there yet.');
  const all = writeGeneratedClass(stage, students, options.get('seed') ?? '1', folder);
  // Beside the folder: inside, it would count as a hand-in.
  const key = `${folder.replace(/\/+$/, '')}-programs.json`;
  writeFileSync(key, `${JSON.stringify(Object.fromEntries(all.map(({ id, program }) => [id, program])), null, 2)}\n`);
  process.stdout.write(
    `${all.length} submissions of stage ${stage.number} are in ${folder}. Who handed in what: ${key}\n`,
  );
  return 0;
}
