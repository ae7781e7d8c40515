/** npm run hint [check]: the next level of help with the check of your stage that failed last, or with the one named. */

import { fitted } from '../checkers/report/layout.ts';
import { readWords, WordsError } from './command-line.ts';
import { nextLines } from './hinting.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    const { plain } = readWords(typed, { switches: [], options: [], plain: 1 });
    const again = ['npm run hint', ...plain].join(' ');
    const lines = nextLines(plain[0], { more: `type ${again} again` }, process.stdout.columns);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${fitted(error.message, process.stderr.columns)}\n`);
    return 2;
  }
}
