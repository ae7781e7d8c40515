/**
 * npm run soak [60] [stage 9]: holds a solution under mixed load for a number of seconds, and says whether memory and
 * descriptors stayed flat and every byte arrived. Exit code 0: it held, 1: it did not, 2: could not run.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Entrant } from '../checkers/race/entrants.ts';
import { commandRacer, fileRacer, proxyFile, stagesWithProxy } from '../checkers/race/racer.ts';
import { fitted } from '../checkers/report/layout.ts';
import { fromRoot, workshopFolder } from '../checkers/root.ts';
import { CannotRun } from '../checkers/run/arena.ts';
import { BuildFailure } from '../checkers/run/build.ts';
import { soakJson, soakLine, soakPlot, soakReport } from '../checkers/soak/report.ts';
import { runSoak, type SoakResult, type SoakState } from '../checkers/soak/soak.ts';
import { stageMeant } from './choosing.ts';
import { readWords, type Words, WordsError } from './command-line.ts';

const vocabulary = {
  switches: ['mine'],
  options: ['stage', 'json', 'plot', 'command'],
  plain: 1,
  plainName: 'how many seconds, such as 60',
  isPlain: (word: string) => /^\d+$/.test(word),
};

const DEFAULT_SECONDS = 60;

export async function main(typed: string[]): Promise<number> {
  const builds = join(workshopFolder, 'races', `build-${process.pid}`);
  try {
    return await soak(readWords(typed, vocabulary), builds);
  } catch (error) {
    if (error instanceof BuildFailure) process.stderr.write(`${error.lines.join('\n')}\n`);
    else if (error instanceof WordsError || error instanceof CannotRun)
      process.stderr.write(`${fitted(error.message, process.stderr.columns)}\n`);
    else throw error;
    return 2;
  } finally {
    rmSync(builds, { recursive: true, force: true });
  }
}

async function soak(words: Words, builds: string): Promise<number> {
  const seconds = secondsChosen(words);
  const racer = await racerChosen(words, builds);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  const result = await runSoak({ racer, seconds, onLine: showLine, signal: abort.signal });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${soakReport(result, process.stdout.columns).join('\n')}\n`);
  writeFiles(result, words);
  if (abort.signal.aborted) return 130;
  return result.verdict.passed ? 0 : 1;
}

/** At a terminal: a line that overwrites itself. */
function showLine(state: SoakState): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${soakLine(state, process.stderr.columns)}`);
}

function writeFiles(result: SoakResult, { options }: Words): void {
  const from = process.env.INIT_CWD ?? process.cwd();
  const [json, plot] = [options.get('json'), options.get('plot')];
  if (json !== undefined) writeTo(resolve(from, json), `${JSON.stringify(soakJson(result), null, 2)}\n`);
  writeTo(plot === undefined ? join(workshopFolder, 'soak.svg') : resolve(from, plot), soakPlot(result));
}

function writeTo(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new WordsError(`'${path}' cannot be written: ${(error as Error).message}`);
  }
  process.stdout.write(`Written: ${fromRoot(path)}\n`);
}

function secondsChosen({ plain }: Words): number {
  const seconds = Number(plain[0] ?? DEFAULT_SECONDS);
  if (seconds >= 3 && seconds <= 86_400) return seconds;
  throw new WordsError(`A soak takes 3 to 86400 seconds; '${plain[0] ?? ''}' is not in between.`);
}

async function racerChosen({ switches, options }: Words, builds: string): Promise<Entrant> {
  const command = options.get('command');
  if (command !== undefined) return commandRacer(command, process.env.INIT_CWD ?? process.cwd());
  const whose = switches.has('mine') ? 'stages' : 'solutions';
  const known = stagesWithProxy(whose);
  const word = options.get('stage');
  const stage = word === undefined ? known.at(-1) : stageMeant(word, 'npm run soak 60 stage').number;
  const path = stage !== undefined && known.includes(stage) ? proxyFile(stage, whose) : undefined;
  if (path !== undefined) return fileRacer(path, `stage ${stage}`, builds);
  throw new WordsError(`There is no proxy in stage ${stage}. There is one in: ${known.join(', ')}.`);
}
