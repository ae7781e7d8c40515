/** npm run milestone [N] […]: judges a program. Exit code 0: passed, 1: something failed, 2: could not run. */

import { type Milestone, stageOf } from '../checkers/course/course.ts';
import { freshSeed } from '../checkers/harness/payload.ts';
import { jsonReport } from '../checkers/report/json.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { writeReplay } from '../checkers/report/replay/write.ts';
import { headLines } from '../checkers/report/terminal.ts';
import { fromRoot } from '../checkers/root.ts';
import type { Candidate } from '../checkers/run/candidate.ts';
import { type MilestoneResult, runMilestone } from '../checkers/run/run.ts';
import { systemName } from '../linux/platform.ts';
import { openInBrowser } from './browser.ts';
import { milestonesChosen, milestoneWord, noSuchCheck } from './choosing.ts';
import { readWords, type Words, WordsError } from './command-line.ts';
import { countingLine, isGreen, programOf, remember, reportLines } from './judging.ts';
import { abortOnInterrupt, reportErrors } from './report-errors.ts';

const vocabulary = {
  switches: ['solution', 'simulated', 'json', 'open'],
  options: ['only', 'seed', 'command'],
  ...milestoneWord,
};

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const words = readWords(typed, vocabulary);
    const milestones = milestonesChosen(words.plain[0]);
    const seed = chooseSeed(words);
    return judgeAll(milestones, words, seed);
  });
}

async function judgeAll(milestones: Milestone[], words: Words, seed: string): Promise<number> {
  const signal = abortOnInterrupt();
  const results: MilestoneResult[] = [];
  for (const milestone of milestones) {
    const result = await judge(milestone, words, seed, signal, results.length === 0);
    results.push(result);
    if (signal.aborted) return 130;
    if (!words.switches.has('json')) print(result, milestone !== milestones.at(-1));
    if (words.switches.has('open')) await showReplay(result, words.switches.has('json'));
    if (!isGreen(result)) break;
  }
  if (words.switches.has('json')) printJson(results, milestones.length > 1);
  return exitCode(results);
}

function judge(
  milestone: Milestone,
  words: Words,
  seed: string,
  signal: AbortSignal,
  first: boolean,
): Promise<MilestoneResult> {
  const candidate = chooseCandidate(milestone, words);
  const only = chooseChecks(milestone, words);
  const simulated = isSimulated(words, candidate);
  if (!words.switches.has('json')) {
    const columns = process.stdout.columns;
    const why =
      first && simulated && !words.switches.has('simulated') ? [...wrap(elsewhere(), width(columns)), ''] : [];
    const head = headLines(
      { stage: stageOf(milestone), milestone, candidate, ...(simulated && { simulated }) },
      columns,
    );
    process.stdout.write(`${first ? '' : '\n'}${[...why, ...head].join('\n')}\n`);
  }
  const counted = process.stdout.isTTY && !words.switches.has('json');
  const onResult = counted ? countingLine(only?.length ?? milestone.checks.length) : () => {};
  const record = words.switches.has('open');
  const how = { ...(only && { only }), ...(simulated && { simulated }), record, look: true };
  return runMilestone({ milestone, candidate, seed, ...how, onResult, signal });
}

/** Away from Linux, a TypeScript program runs on the simulated kernel without being asked to. */
function isSimulated({ switches }: Words, { kind }: Candidate): boolean {
  if (switches.has('simulated') && kind === 'command') {
    throw new WordsError(
      "Either 'simulated' or '--command', not both: the simulated kernel runs TypeScript files alone.",
    );
  }
  return kind === 'file' && (switches.has('simulated') || process.platform !== 'linux');
}

function elsewhere(): string {
  return `${systemName(process.platform)} has no epoll, so your program runs on a simulated Linux, in virtual time. How to get a real one: docs/other-systems.md`;
}

/** @param more whether another milestone is judged after this one, if it is green */
function print(result: MilestoneResult, more: boolean): void {
  const notes = remember(result);
  const lines = reportLines(result, process.stdout.columns, more && isGreen(result) ? 'more' : 'commands');
  process.stdout.write(`${[...lines, ...notes].join('\n')}\n`);
}

/** Writes the replay and opens it. With `json`, standard output is for JSON alone. */
async function showReplay(result: MilestoneResult, quiet: boolean): Promise<void> {
  const path = await writeReplay(result);
  const opened = openInBrowser(path);
  (quiet ? process.stderr : process.stdout).write(`Replay: ${fromRoot(path)}${opened ? ' (opening it)' : ''}\n`);
}

function printJson(results: MilestoneResult[], several: boolean): void {
  const reports = results.map(jsonReport);
  process.stdout.write(`${JSON.stringify(several ? reports : reports[0], null, 2)}\n`);
}

function exitCode(results: MilestoneResult[]): number {
  const statuses = results.flatMap((result) => result.results.map((check) => check.status));
  if (statuses.includes('fail') || statuses.includes('flaky')) return 1;
  // Nothing failed, but a check could not be judged for a reason beyond the learner's control.
  if (statuses.includes('broken')) return 2;
  // A milestone of which the simulation can judge no check is not passed.
  return results.some(({ simulated }) => simulated) && statuses.every((status) => status === 'skipped') ? 2 : 0;
}

function chooseSeed({ options }: Words): string {
  const seed = options.get('seed') ?? freshSeed();
  if (/^[0-9a-f]{1,16}$/i.test(seed)) return seed.toLowerCase();
  throw new WordsError(`A seed is 1 to 16 hexadecimal digits, e.g. 7f3a; '${seed}' is not.`);
}

function chooseCandidate(milestone: Milestone, { switches, options }: Words): Candidate {
  const command = options.get('command');
  if (command !== undefined && switches.has('solution')) {
    throw new WordsError("Either 'solution' or '--command', not both: whose program is to be judged?");
  }
  if (command !== undefined) return { kind: 'command', command, cwd: process.env.INIT_CWD ?? process.cwd() };
  return programOf(milestone, switches.has('solution') ? 'solution' : 'learner');
}

function chooseChecks(milestone: Milestone, { options }: Words): string[] | undefined {
  const word = options.get('only');
  if (word === undefined) return undefined;
  const { checks } = milestone;
  const check = /^\d+$/.test(word) ? checks[Number(word) - 1] : checks.find(({ id }) => id === word);
  if (check !== undefined) return [check.id];
  throw noSuchCheck(word, milestone);
}
