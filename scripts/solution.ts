/** npm run solution [N] [yes]: the learner's file beside our solution, as a diff. Asks first while milestones are open. */
import { createInterface } from 'node:readline/promises';
import { programPath, type Stage } from '../checkers/course/course.ts';
import { solutionOf } from '../checkers/course/skeleton.ts';
import { text as messages } from '../checkers/messages/index.ts';
import { readProgress } from '../checkers/progress/progress.ts';
import { learnersFile } from '../checkers/progress/replace.ts';
import { diffLines } from '../checkers/report/diff.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { answering } from './answering.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { readWords, WordsError } from './words.ts';

export function main(typed: string[]): Promise<number> {
  return answering(async () => {
    const { plain, switches } = readWords(typed, { switches: ['yes'], options: [], ...stageWord });
    const stage = stageMeant(plain[0], 'npm run solution');
    const lines = switches.has('yes') || (await isWanted(stage)) ? sideBySide(stage) : declined();
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  });
}

/** No question if all milestones are green. */
async function isWanted(stage: Stage): Promise<boolean> {
  const { green } = readProgress();
  const open = stage.milestones.filter(({ id }) => green[id] === undefined).map(({ id }) => id);
  if (open.length === 0) return true;
  const why =
    open.length === 1
      ? messages.words.milestoneIsNotGreen(open[0])
      : messages.words.milestonesAreNotGreen(open.join(' and '));
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new WordsError(messages.words.toSeeSolutionAll(why, stage.number));
  }
  const question = messages.words.andFindingYourselfIs(why);
  return /^y(es)?$/i.test(await ask(wrap(question, width(process.stdout.columns)).join('\n')));
}

/** The person's answer; undefined after Ctrl-C or Ctrl-D. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return (await Promise.race([terminal.question(question), left])).trim();
  } finally {
    terminal.close();
  }
}

function declined(): string[] {
  return wrap(messages.words.thenNotForHelp, width(process.stdout.columns));
}

function sideBySide(stage: Stage): string[] {
  const [mine, ours] = [programPath(stage, 'stages'), programPath(stage, 'solutions')];
  const text = learnersFile(stage)?.toString();
  if (text === undefined) {
    throw new WordsError(messages.words.nothingToCompare(fromRoot(mine), fromRoot(ours)));
  }
  const lines = diffLines(
    { name: messages.words.yours(fromRoot(mine)), text },
    { name: messages.words.ours(fromRoot(ours)), text: solutionOf(stage) },
  );
  return lines.length === 0 ? [messages.words.yourFileAndOur] : lines;
}
