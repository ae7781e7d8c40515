/** npm run help: every command of npm run, one line each. */
import chalk from 'chalk';
import { labelled, width } from '../checkers/report/layout.ts';
import { readWords } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

/** What can follow npm run, and what it does, in the order in which a learner meets the commands. */
const help: Record<string, string> = {
  'milestone [4.]1': 'judge your program: milestone 1 of your stage (no number: all of them)',
  'milestone 1 solution': 'judge our solution: what done looks like',
  'milestone 1 simulated': 'the same checks on a simulated Linux, in virtual time: at once, on any system',
  'milestone 2 only 3 seed 7f3a': 'one check again (number or name), with the same bytes',
  'milestone 2 open': 'judge, and open a page to walk through what happened, call by call',
  'milestone 1 json': 'the result for programs; use npm run -s for nothing but JSON',
  'milestone 1 -- --command "…"': 'judge a program in any language, started by that command',
  'hint [3]': 'help with the check of your stage that failed last, a little more each time (or with check 3)',
  'watch [1]': 'judge milestone 1 each time you save; single keys run again, show a hint, go on',
  'stage [4]': 'the course as a map (stage all: in full): what is green, what is next; with a number: go there',
  'stage 4 diff [solution]': 'from your file (or ours) in the stage that it grew from to where stage 4 begins',
  'stage 4 restore [2]': 'the kept copies of your file; with a number: bring that one back',
  'reset [4]': 'put the skeleton back; what was there is kept',
  'solution [4] [yes]': 'your file beside our solution, once your milestones are green',
  doctor: 'what this machine has and lacks, what works without it, how to get it',
  'upstream [3001]': 'serve assets/www on port 3000, or that one, with python3 -m http.server',
  'proxy [solution]': 'run your proxy (or ours) on port 8080',
  'try [1] [solution]': 'run the program of stage 1, 2, … (yours or ours), to play with',
  'theatre [solution]': 'run your proxy (or ours), and watch its loop at work while you browse',
  docs: 'read the course in your browser: builds the site when a page has changed, and serves it',
  help: 'this list',
  'docs:build [base /course/]': 'only build the site, into .workshop/site; base: the path it will be served at',
  'docs:sync': 'bring the code and the output that the pages quote up to date',
  'pictures [screenshot]': 'redraw the pictures in assets/; screenshot: take that of the Python server, too',
  'race [4] [solution]': 'your proxy (or ours) against HAProxy, nginx, socat and others, in numbers',
  'race 9 [solution] tricks': 'what each trick of stage 9 brings: the same proxy with one of them left out',
  'race 9 [solution] apart': 'each proxy on its own processor: its processor time is steadier',
  'race quick only bulk-8': 'a shorter race, or one row of it; also: rounds 9, json F, html F, against haproxy',
  'soak [60] [stage 9] [mine]': 'our proxy (or yours) under mixed load for so many seconds: does it leak or lose?',
  'performance [draw]': 'measure all solutions, and rewrite docs/performance.md; draw: from the last numbers',
  'prove [20] [stage 8] [busy]': 'judge correct proxies (socat, HAProxy, nginx, …) again and again: all must pass',
  'prove [20] traced': 'what recording the system calls costs: our solution with and without',
  'grade FOLDER [stage 4] [seed S]': 'grade a class: a folder, an archive or a file for each student; reports for all',
  'grade FOLDER resume': 'resume after an interruption or a change: results that still hold are kept',
  'grade FOLDER only ada': 'one submission, with everything that its student would be told',
  'grade FOLDER shard 3/10 seed S': 'a tenth of the class, for one of ten machines; also: shard auto',
  'grade merge results/*': 'one class out of what several machines graded',
  'grade compare OLD NEW': 'which marks changed, and why; also: csv FILE, json FILE',
  'grade import EXPORT [into DIR]': 'who handed in what, in the export of a learning platform; sorted into folders',
  'grade export canvas LIST.csv':
    "the marks in the platform's own gradebook file, and the feedback; also: moodle, blackboard, brightspace",
  'grade integrity FOLDER [library F]': 'hand-ins that are alike or ours, side by side; no mark depends on it',
  'grade questions ID': 'three questions for a talk with a student about their own program, with answers',
  'grade queue add FOLDER seed S': 'for classes that hand in all day, with Redis; also: queue work, status, collect',
  'grade dry [rubric F]': 'what a rubric gives our solution and the skeleton',
  'grade prove [100]': 'grade our solution and wrong programs again and again on a busy machine',
  'grade self-test': 'bad and wrong submissions on this machine: does its isolation hold?',
  'grade speed 40 [against DIR]': 'submissions a minute, beside another copy of the workshop',
  'grade pack gradescope': 'an autograder for Gradescope; also: pack github',
  'grade generate 40 FOLDER': 'a class to try the grader with',
  'fidelity [60] [seed S]': 'make random system calls on this kernel and on the simulated one: same answers?',
  test: 'lint, types and tests of the workshop itself',
  'test:more': 'the longer tests: pages in a browser, the grader when things go wrong, a soak',
  lint: 'Biome, spelling, and which room imports which',
  types: 'the TypeScript compiler alone',
  format: 'let Biome put the code in shape',
};

/** The same as pairs. A test compares this list with package.json. */
export const helpLines: [word: string, does: string][] = Object.entries(help);

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    readWords(typed, { switches: [], options: [], plain: 0 });
    printHelp();
    return 0;
  });
}

function printHelp(): void {
  const column = Math.max(...helpLines.map(([word]) => word.length)) + 2;
  const room = width(process.stdout.columns);
  for (const [word, does] of helpLines) {
    const lines = labelled(`  npm run ${word}`, 10 + column, does, room);
    process.stdout.write(`${lines.join('\n').replace(word, chalk.cyan(word))}\n`);
  }
}
