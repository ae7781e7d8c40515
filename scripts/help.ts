/** npm run help: every command of npm run, one line each. */
import chalk from 'chalk';
import { text } from '../checkers/messages/index.ts';
import { fitted, labelled, width } from '../checkers/report/layout.ts';
import { readWords, WordsError } from './words.ts';

/** Commands and their descriptions, in the order of the English catalogue. A test compares this list with package.json. */
export const helpLines: [word: string, does: string][] = Object.entries(text.help);

export async function main(typed: string[]): Promise<number> {
  try {
    readWords(typed, { switches: [], options: [], plain: 0 });
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${fitted(error.message, process.stderr.columns)}\n`);
    return 2;
  }
  const column = Math.max(...helpLines.map(([word]) => word.length)) + 2;
  const room = width(process.stdout.columns);
  for (const [word, does] of helpLines) {
    const lines = labelled(`  npm run ${word}`, 10 + column, does, room);
    process.stdout.write(`${lines.join('\n').replace(word, chalk.cyan(word))}\n`);
  }
  return 0;
}
