/** npm run hint [check]: the next level of help with the check of your stage that failed last, or with the one named. */
import { readWords } from './command-line.ts';
import { nextLines } from './hinting.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { plain } = readWords(typed, { switches: [], options: [], plain: 1 });
    const again = ['npm run hint', ...plain].join(' ');
    const lines = nextLines(plain[0], { more: `type ${again} again` }, process.stdout.columns);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  });
}
