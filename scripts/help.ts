/** npm run help: every word that can follow npm run, one line each. */
import chalk from 'chalk';
import { labelled, width } from '../checkers/report/layout.ts';
import { readWords, WordsError } from './words.ts';

/** Word and what it does, in the order in which a learner meets them. A test holds this list to package.json. */
export const helpLines: [word: string, does: string][] = [
  ['milestone [4.]1', 'judge your program: milestone 1 of your stage (no number: all of them)'],
  ['milestone 1 solution', 'judge our solution: what done looks like'],
  ['milestone 2 only 3 seed 7f3a', 'one check again (number or name), with the same bytes'],
  ['milestone 2 open', 'judge, and open a page to walk through what happened, call by call'],
  ['milestone 1 json', 'the result for programs; use npm run -s for nothing but JSON'],
  ['milestone 1 -- --command "…"', 'judge a program in any language, started by that command'],
  ['hint [3]', 'help with the check that failed last, a little more each time (or with check 3)'],
  ['watch [1]', 'judge milestone 1 each time you save; single keys run again, show a hint, go on'],
  ['stage [4]', 'the course as a map: what is green, what is next; with a number: go there'],
  ['stage 4 diff [solution]', 'what you wrote (or we) in the stage before, and where stage 4 begins'],
  ['stage 4 restore [2]', 'the kept copies of your file; with a number: bring that one back'],
  ['reset [4]', 'put the skeleton back; what was there is kept'],
  ['solution [4] [yes]', 'your file beside our solution, once your milestones are green'],
  ['doctor', 'what this machine has and lacks, what works without it, how to get it'],
  ['upstream', 'serve assets/www on port 3000 with python3 -m http.server'],
  ['proxy [solution]', 'run your proxy (or ours) on port 8080'],
  ['try [1] [solution]', 'run the program of stage 1, 2, … (yours or ours), to play with'],
  ['theatre [solution]', 'run your proxy (or ours), and watch its loop at work while you browse'],
  ['docs', 'read the course in your browser: builds the site when a page has changed, and serves it'],
  ['help', 'this list'],
  ['docs:build [base /course/]', 'only build the site, into .workshop/site; base: the path it will be served at'],
  ['docs:sync', 'bring the code and the output that the pages quote up to date'],
  ['pictures [screenshot]', 'draw the pictures in assets/ anew; screenshot: take that of the Python server, too'],
  ['prove [20] [busy]', 'judge right proxies (socat, HAProxy, nginx, …) again and again: all must pass'],
  ['prove [20] traced', 'what writing down the system calls costs: our solution with and without'],
  ['test', 'lint, types and tests of the workshop itself'],
  ['lint', 'Biome alone'],
  ['types', 'the TypeScript compiler alone'],
  ['format', 'let Biome put the code in shape'],
];

export async function main(typed: string[]): Promise<number> {
  try {
    readWords(typed, { switches: [], options: [], plain: 0 });
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
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
