/** npm run milestone [N] […]: judges a proxy. Exit code 0: passed, 1: something failed, 2: could not run. */

import { existsSync } from 'node:fs';
import type { CheckResult } from '../checkers/check.ts';
import { course, type Milestone, nextMilestone, programPath, stageOf } from '../checkers/course/course.ts';
import { milestonesMeant } from '../checkers/course/find.ts';
import { currentStage, rememberGreen } from '../checkers/course/progress.ts';
import { CannotRun } from '../checkers/lab/arena.ts';
import { freshSeed } from '../checkers/lab/payload.ts';
import { jsonReport } from '../checkers/report/json.ts';
import { headLines, terminalReport } from '../checkers/report/terminal.ts';
import { fromRoot } from '../checkers/root.ts';
import { type Candidate, type MilestoneResult, runMilestone } from '../checkers/run.ts';
import { nearest, readWords, type Words, WordsError } from './words.ts';

const vocabulary = {
  switches: ['solution', 'json'],
  options: ['only', 'seed', 'command'],
  plain: 1,
  isPlain: (word: string) => /^\d+(\.\d+)?$/.test(word),
};

export async function main(typed: string[]): Promise<number> {
  try {
    const words = readWords(typed, vocabulary);
    const milestones = chooseMilestones(words);
    const seed = chooseSeed(words);
    return await judgeAll(milestones, words, seed);
  } catch (error) {
    if (!(error instanceof WordsError || error instanceof CannotRun)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function judgeAll(milestones: Milestone[], words: Words, seed: string): Promise<number> {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  const results: MilestoneResult[] = [];
  for (const milestone of milestones) {
    const result = await judge(milestone, words, seed, abort.signal);
    results.push(result);
    if (abort.signal.aborted) return 130;
    if (!words.switches.has('json')) print(result);
    if (!isGreen(result)) break;
  }
  if (words.switches.has('json')) printJson(results, milestones.length > 1);
  return exitCode(results);
}

function judge(milestone: Milestone, words: Words, seed: string, signal: AbortSignal): Promise<MilestoneResult> {
  const candidate = chooseCandidate(milestone, words);
  const only = chooseChecks(milestone, words);
  if (!words.switches.has('json')) {
    const head = headLines({ stage: stageOf(milestone), milestone, candidate }, process.stdout.columns);
    process.stdout.write(`${head.join('\n')}\n`);
  }
  const onResult = progressLine(only?.length ?? milestone.checks.length, words);
  return runMilestone({ milestone, candidate, seed, ...(only && { only }), onResult, signal });
}

/** Where somebody watches, a line that counts; it is wiped out before the report. */
function progressLine(total: number, words: Words): (result: CheckResult) => void {
  const { stdout } = process;
  if (!stdout.isTTY || words.switches.has('json')) return () => {};
  let done = 0;
  stdout.write(`  0 of ${total} checks done`);
  return () => {
    done += 1;
    stdout.write(`\r\u001b[K${done < total ? `  ${done} of ${total} checks done` : ''}`);
  };
}

function print(result: MilestoneResult): void {
  const lines = terminalReport(result, process.stdout.columns);
  if (isGreen(result) && result.candidate.kind === 'file' && result.candidate.whose === 'learner') {
    rememberGreen(result.milestone);
    lines.push(...whatComesNext(result.milestone));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function whatComesNext(milestone: Milestone): string[] {
  const next = nextMilestone(milestone);
  if (next === undefined)
    return ['', 'That was the last milestone there is. Try your proxy in a browser: npm run proxy'];
  const stage = stageOf(next);
  return ['', `Next: milestone ${next.id}, ${next.title}. Read ${stage.doc}, then: npm run milestone ${next.id}`];
}

function printJson(results: MilestoneResult[], several: boolean): void {
  const reports = results.map(jsonReport);
  process.stdout.write(`${JSON.stringify(several ? reports : reports[0], null, 2)}\n`);
}

/** All checks of the milestone were asked for, and all passed. */
function isGreen({ results, milestone }: MilestoneResult): boolean {
  return results.length === milestone.checks.length && results.every((check) => check.status === 'pass');
}

function exitCode(results: MilestoneResult[]): number {
  const statuses = results.flatMap((result) => result.results.map((check) => check.status));
  if (statuses.includes('fail')) return 1;
  // Nothing failed, but something could not be judged for a reason that is not the learner's.
  return statuses.includes('broken') ? 2 : 0;
}

function chooseMilestones({ plain: [word] }: Words): Milestone[] {
  const current = currentStage();
  const milestones = milestonesMeant(word, current);
  if (milestones.length > 0) return milestones;
  const known = course.flatMap((stage) => stage.milestones.map((milestone) => milestone.id));
  throw new WordsError(`There is no milestone ${word} (you are on stage ${current}). There are: ${known.join(', ')}.`);
}

function chooseSeed({ options }: Words): string {
  const seed = options.get('seed') ?? freshSeed();
  if (/^[0-9a-f]{1,16}$/i.test(seed)) return seed.toLowerCase();
  throw new WordsError(`A seed is 1 to 16 hexadecimal digits, e.g. 7f3a; '${seed}' is not.`);
}

function chooseCandidate(milestone: Milestone, { switches, options }: Words): Candidate {
  const command = options.get('command');
  if (command !== undefined && switches.has('solution')) {
    throw new WordsError("Either 'solution' or '--command', not both: whose proxy is to be judged?");
  }
  if (command !== undefined) return { kind: 'command', command, cwd: process.env.INIT_CWD ?? process.cwd() };
  const whose = switches.has('solution') ? 'solution' : 'learner';
  const path = programPath(stageOf(milestone), whose === 'solution' ? 'solutions' : 'stages');
  if (existsSync(path)) return { kind: 'file', path, whose };
  throw new CannotRun(`There is no ${fromRoot(path)}. Bring it back with: git checkout -- ${fromRoot(path)}`);
}

function chooseChecks({ checks }: Milestone, { options }: Words): string[] | undefined {
  const word = options.get('only');
  if (word === undefined) return undefined;
  const check = /^\d+$/.test(word) ? checks[Number(word) - 1] : checks.find(({ id }) => id === word);
  if (check !== undefined) return [check.id];
  const ids = checks.map(({ id }) => id);
  throw new WordsError(`There is no check '${word}': there are 1 to ${checks.length}.${nearest(word, ids)}`);
}
