/** Resolves stages, milestones and checks from the command line, with a message if there is none. */
import { course, findStage, type Milestone, type Stage } from '../checkers/course/course.ts';
import { findMilestone, milestonesMeant } from '../checkers/course/find.ts';
import { currentStage } from '../checkers/progress/progress.ts';
import { didYouMean, type Vocabulary, WordsError } from './command-line.ts';

const numbers = course.map(({ number }) => String(number));
const ids = course.flatMap(({ milestones }) => milestones.map(({ id }) => id));

/** A stage's number among the words. A milestone's number passes, for a better message later. */
export const stageWord: Pick<Vocabulary, 'plain' | 'plainName' | 'isPlain'> = {
  plain: 1,
  plainName: `a stage such as ${numbers.at(-1)}`,
  isPlain: (word) => /^\d+(\.\d+)?$/.test(word),
};

/** A milestone's number among the words. */
export const milestoneWord: Pick<Vocabulary, 'plain' | 'plainName' | 'isPlain'> = {
  plain: 1,
  plainName: `a milestone such as ${ids.at(-1)}`,
  isPlain: (word) => /^\d+(\.\d+)?$/.test(word),
};

/**
 * The stage with this number; no number: the one that the learner is on.
 *
 * @param word what was typed
 * @param command what was typed before it, e.g. 'npm run reset', for the answer to say what to type
 * @throws WordsError when there is none
 */
export function stageMeant(word: string | undefined, command: string): Stage {
  const stage = findStage(word === undefined ? currentStage() : Number(word));
  if (stage !== undefined) return stage;
  const whole = word?.split('.')[0] ?? '';
  if (word !== undefined && findMilestone(word) !== undefined) {
    throw new WordsError(`${word} is a milestone, but this command takes a whole stage. Type: ${command} ${whole}`);
  }
  if (numbers.includes(whole) && word !== undefined) {
    throw new WordsError(
      `There is no milestone ${word}, and this command takes a whole stage. Type: ${command} ${whole}`,
    );
  }
  const nearest = Number(whole) < 1 ? numbers[0] : numbers.at(-1);
  const list = `There ${numbers.length === 1 ? 'is' : 'are'}: ${numbers.join(', ')}`;
  throw new WordsError(`There is no stage ${word}. ${list}. Type: ${command} ${nearest}`);
}

/**
 * The milestones that a word means; no word: those of the stage that the learner is on.
 *
 * @throws WordsError when there are none
 */
export function milestonesChosen(word: string | undefined): Milestone[] {
  const current = currentStage();
  const found = milestonesMeant(word, current);
  if (found.length > 0) return found;
  throw noSuchMilestone(word, current);
}

/**
 * The message for a milestone that does not exist: lists those of the intended stage.
 *
 * @param current number of the learner's stage
 */
export function noSuchMilestone(word = '', current = currentStage()): WordsError {
  const [number = '', milestone] = word.split('.');
  const stage = findStage(Number(number));
  if (milestone === undefined) {
    const others = stage === undefined ? '' : ` Stage ${stage.number} has: ${idsOf(stage)}.`;
    return new WordsError(
      `There is no milestone ${word} (you are on stage ${current}, which has ${idsOf(findStage(current))}).${others}`,
    );
  }
  if (stage === undefined)
    return new WordsError(
      `There is no milestone ${word}: there is no stage ${number}. Stages have the numbers 1 to ${numbers.at(-1) ?? ''}.`,
    );
  return new WordsError(`There is no milestone ${word}. Stage ${stage.number} has: ${idsOf(stage)}.`);
}

function idsOf(stage: Stage | undefined): string {
  return stage?.milestones.map(({ id }) => id).join(', ') ?? '';
}

/**
 * The message for a check that does not exist.
 *
 * @param others more checks that the word could have been the name of
 */
export function noSuchCheck(word: string, { id, checks }: Milestone, others: string[] = []): WordsError {
  const known = [...new Set([...checks.map((check) => check.id), ...others])];
  const list = checks.map((check, index) => `${index + 1} ${check.id}`).join(', ');
  const hint = didYouMean(word, known) || ` Its checks are: ${list}.`;
  return new WordsError(`Milestone ${id} has no check '${word}'.${hint}`);
}
