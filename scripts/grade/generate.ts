/** npm run grade generate 500 FOLDER [stage N] [seed S] [as canvas]: a class to try the grader with. */
import { existsSync, writeFileSync } from 'node:fs';
import type { Stage } from '../../checkers/course/course.ts';
import { writeGeneratedClass } from '../../checkers/grade/batch/generated-class.ts';
import {
  EXPORT_FORMS,
  exportFiles,
  membersOf,
  peopleCsv,
  writeExport,
} from '../../checkers/grade/batch/generated-export.ts';
import { mustBeEmpty } from '../../checkers/grade/batch/store.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import { stageMeant } from '../choosing.ts';
import { didYouMean, readWords, WordsError } from '../command-line.ts';
import { countOf, placeOf } from './places.ts';

const MOST = 100_000;
const vocabulary = { switches: [], options: ['stage', 'seed', 'as'], plain: 2 };

export async function generate(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const [count, typedFolder] = plain;
  if (count === undefined || typedFolder === undefined) {
    throw new WordsError('How many, and where to? For example: npm run grade generate 40 submissions');
  }
  const stage = stageMeant(options.get('stage'), 'npm run grade generate 40 submissions stage');
  const students = countOf(count, 'How many', MOST);
  const folder = placeOf(typedFolder);
  const form = options.get('as');
  if (form !== undefined) return generateExport(stage, students, options.get('seed') ?? '1', form, folder);
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

/** The class as a platform would export it; FOLDER may also be the name of a zip file. */
function generateExport(stage: Stage, count: number, seed: string, form: string, place: string): number {
  if (!EXPORT_FORMS.includes(form)) {
    const known = `Expected: ${EXPORT_FORMS.join(', ')}.`;
    throw new WordsError(`There is no export '${form}'. ${known}${didYouMean(form, EXPORT_FORMS)}`);
  }
  if (place.endsWith('.zip')) {
    if (existsSync(place)) throw new WordsError(`${place} is already there. Name a new file.`);
  } else {
    makeFolder(place);
    mustBeEmpty(place, 'Name a folder that is empty or not there yet.');
  }
  const members = membersOf(stage, count, seed);
  writeExport(exportFiles(stage, form, members), place);
  const beside = place.replace(/\.zip$|\/+$/g, '');
  writeFileSync(`${beside}-people.csv`, peopleCsv(members));
  const programs = Object.fromEntries(members.map(({ login, program }) => [login, program]));
  writeFileSync(`${beside}-programs.json`, `${JSON.stringify(programs, null, 2)}\n`);
  process.stdout.write(
    `${count} submissions of stage ${stage.number} are in ${place}. Who handed in what: ${beside}-programs.json. The class list: ${beside}-people.csv\n`,
  );
  return 0;
}
