/** npm run grade questions ID [results FOLDER]: three questions for a talk with a student about their own program. */
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { type ClassFile, readClass } from '../../checkers/grade/batch/class-file.ts';
import type { Submission } from '../../checkers/grade/contract/submission.ts';
import { plainLine } from '../../checkers/grade/formats/plain.ts';
import { takeIn } from '../../checkers/grade/intake/find.ts';
import { type Question, questionsOn } from '../../checkers/grade/questions/questions.ts';
import { type Recorded, record } from '../../checkers/grade/questions/record.ts';
import { readWords, type Words, WordsError } from '../command-line.ts';
import { isolationHere } from './machine.ts';
import { chosen } from './only.ts';
import { levelRequired } from './order.ts';
import { placeOf } from './places.ts';
import { Stopped, unlessStopped } from './stopping.ts';
import { withClassIn } from './taken-in.ts';

const vocabulary = { switches: [], options: ['results', 'require'], plain: 1 };

export async function questions(typed: string[]): Promise<number> {
  const words = readWords(typed, vocabulary);
  const [id] = words.plain;
  if (id === undefined) {
    throw new WordsError('Questions for which student? Type an id of the class: npm run grade questions ada');
  }
  const results = placeOf(words.options.get('results') ?? 'results');
  const file = readClass(results);
  if (file === undefined) {
    throw new WordsError(`There are no results in ${results}. Name the folder of a graded class with: results FOLDER`);
  }
  const recorded = await withClassIn(file.submissions, (place) => recordOf(id, place, file, words));
  const asked = questionsOn(recorded);
  process.stdout.write(`${asked.flatMap(linesOf).join('\n')}\n`);
  return asked.length > 0 ? 0 : 1;
}

/** Records the program of one student of a graded class. */
async function recordOf(id: string, place: string, file: ClassFile, words: Words): Promise<Recorded> {
  const { submissions } = await takeIn(place, file);
  const [submission] = chosen({ ...words, options: new Map([['only', id]]) }, submissions) as [Submission];
  const isolation = await isolationHere(levelRequired(words));
  const stage = findStage(file.stage) as Stage;
  return await unlessStopped((signal) =>
    record(submission, stage, { classSeed: file.classSeed, isolation }, signal),
  ).catch((error: Error) => {
    if (error instanceof Stopped) throw error;
    throw new WordsError(`The program of ${id} could not be run: ${plainLine(error.message)}`);
  });
}

function linesOf({ question, answer, where }: Question, index: number): string[] {
  return [
    `${index + 1}. ${plainLine(question)}`,
    `   Answer: ${plainLine(answer)}`,
    `   From:   ${plainLine(where)}`,
    '',
  ];
}
