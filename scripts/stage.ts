/** npm run stage [N]: shows the course and where you are, or moves you to stage N. */
import chalk from 'chalk';
import { course, findStage, type Milestone, type Stage } from '../checkers/course/course.ts';
import { currentStage, type Progress, readProgress, writeProgress } from '../checkers/course/progress.ts';
import { readWords, WordsError } from './words.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    const { plain } = readWords(typed, { switches: [], options: [], plain: 1, isPlain: (word) => /^\d+$/.test(word) });
    if (plain[0] !== undefined) moveTo(Number(plain[0]));
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  process.stdout.write(`${map(readProgress()).join('\n')}\n`);
  return 0;
}

function moveTo(number: number): void {
  if (findStage(number) === undefined) {
    const numbers = course.map((stage) => stage.number).join(', ');
    throw new WordsError(
      `There is no stage ${number} yet. There is: ${numbers}. Type: npm run stage ${course[0]?.number}`,
    );
  }
  writeProgress({ ...readProgress(), stage: number });
}

function map(progress: Progress): string[] {
  const current = currentStage();
  return course.flatMap((stage) => [
    `${stage.number === current ? chalk.cyan('>') : ' '} ${chalk.bold(`Stage ${stage.number}: ${stage.title}`)}`,
    `    edit  stages/${stage.folder}/${stage.file}`,
    `    read  ${stage.doc}`,
    ...stage.milestones.flatMap((milestone) => milestoneLines(milestone, stage, progress)),
  ]);
}

function milestoneLines(milestone: Milestone, stage: Stage, { green }: Progress): string[] {
  const next = stage.milestones.find(({ id }) => green[id] === undefined);
  const mark = green[milestone.id] === undefined ? ' ' : chalk.green('✓');
  const line = `    ${mark} milestone ${milestone.id}: ${milestone.title}`;
  return milestone === next ? [line, `      next: npm run milestone ${milestone.id}`] : [line];
}
