/** npm run solution [N] [yes]: the learner's file beside our solution, as a diff. Asks first while milestones are open. */
import { createInterface } from 'node:readline/promises';
import { programPath, type Stage } from '../checkers/course/course.ts';
import { solutionOf } from '../checkers/course/skeleton.ts';
import { readProgress } from '../checkers/progress/progress.ts';
import { learnersFile } from '../checkers/progress/replace.ts';
import { diffLines } from '../checkers/report/diff.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { readWords, WordsError } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(async () => {
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
    open.length === 1 ? `Milestone ${open[0]} is not green yet` : `Milestones ${open.join(' and ')} are not green yet`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new WordsError(`${why}. To see the solution anyway, type: npm run solution ${stage.number} yes`);
  }
  const question = `${why}, and finding it yourself is most of the fun. Are you sure that you want to see our solution? [y/N] `;
  return /^y(es)?$/i.test(await confirm(wrap(question, width(process.stdout.columns)).join('\n')));
}

/** The person's answer; undefined after Ctrl-C or Ctrl-D. */
async function confirm(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return (await Promise.race([terminal.question(question), left])).trim();
  } finally {
    terminal.close();
  }
}

function declined(): string[] {
  return wrap('OK, not showing it. For help in small steps: npm run hint', width(process.stdout.columns));
}

function sideBySide(stage: Stage): string[] {
  const [mine, ours] = [programPath(stage, 'stages'), programPath(stage, 'solutions')];
  const text = learnersFile(stage)?.toString();
  if (text === undefined) {
    throw new WordsError(`There is no ${fromRoot(mine)} to compare with. The solution is in ${fromRoot(ours)}.`);
  }
  const lines = diffLines(
    { name: `${fromRoot(mine)} (yours)`, text },
    { name: `${fromRoot(ours)} (ours)`, text: solutionOf(stage) },
  );
  return lines.length === 0 ? [`Your file and our solution are the same, letter for letter.`] : lines;
}
