/** npm run grade pack gradescope|github [stage N] [seed S] [rubric FILE] [into FOLDER]: what a service runs for each hand-in. */
import { dirname } from 'node:path';
import { type PackOrder, packGithub, packGradescope } from '../../checkers/grade/pack/index.ts';
import { readRubric } from '../../checkers/grade/rubric/rubric.ts';
import { freshSeed } from '../../checkers/harness/payload.ts';
import { fromRoot } from '../../checkers/root.ts';
import { stageMeant } from '../choosing.ts';
import { didYouMean, readWords, type Words, WordsError } from '../command-line.ts';
import { seedOf } from './order.ts';
import { placeOf } from './places.ts';

const USUAL_PLACE = 'pack';

const vocabulary = {
  switches: [],
  options: ['stage', 'seed', 'rubric', 'into'],
  plain: 1,
};

/** Each writes its files and says what to do with them. */
const services: Record<string, (order: PackOrder) => string[]> = { gradescope, github };

export async function pack(typed: string[]): Promise<number> {
  const words = readWords(typed, vocabulary);
  const service = serviceMeant(words.plain[0]);
  const lines = service(packOrder(words));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function serviceMeant(word: string | undefined): (order: PackOrder) => string[] {
  const service = word !== undefined && Object.hasOwn(services, word) ? services[word] : undefined;
  if (service !== undefined) return service;
  const near = word === undefined ? '' : didYouMean(word, Object.keys(services));
  throw new WordsError(`For which service? npm run grade pack gradescope, or: npm run grade pack github.${near}`);
}

function packOrder({ options, plain }: Words): PackOrder {
  const stage = stageMeant(options.get('stage'), `npm run grade pack ${plain[0]} stage`);
  const seed = options.get('seed');
  const rubric = options.has('rubric') ? placeOf(options.get('rubric') ?? '') : null;
  // Otherwise a mistake in it would show only with the first submission.
  readRubric(stage, rubric);
  const into = placeOf(options.get('into') ?? USUAL_PLACE);
  return { stage: stage.number, classSeed: seed === undefined ? freshSeed() : seedOf(seed), rubric, into };
}

function gradescope(order: PackOrder): string[] {
  const zip = packGradescope(order);
  return [
    `${headLine(order)}: ${fromRoot(zip)}`,
    'Upload it to Gradescope as the autograder of a programming assignment.',
  ];
}

function github(order: PackOrder): string[] {
  const [workflow = '', autograder = ''] = packGithub(order).map(fromRoot);
  return [
    `${headLine(order)}.`,
    'The seed is in none of the files. Set it as the secret GRADE_SEED, for marks that can be had again with the same bytes.',
    `For plain Actions: ${workflow}. What it needs stands at its top.`,
    `For Classroom 50: ${dirname(autograder)}, a folder for your configuration repository.`,
  ];
}

/** Shows the seed, which is needed to reproduce a mark. */
function headLine({ stage, classSeed }: PackOrder): string {
  return `The grader of stage ${stage}, with the seed ${classSeed}`;
}
