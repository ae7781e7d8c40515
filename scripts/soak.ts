/**
 * npm run soak [60] [stage 9]: holds a solution under mixed load for a number of seconds, and says whether memory and
 * descriptors stayed flat and every byte arrived. Exit code 0: it held, 1: it did not, 2: could not run.
 */

import { join } from 'node:path';
import type { Entrant } from '../checkers/race/entrants.ts';
import { commandRacer, fileRacer, proxyFile, stagesWithProxy } from '../checkers/race/racer.ts';
import { workshopFolder } from '../checkers/root.ts';
import { soakJson, soakLine, soakPlot, soakReport } from '../checkers/soak/report.ts';
import { runSoak, type SoakResult, type SoakState } from '../checkers/soak/soak.ts';
import { stageMeant } from './choosing.ts';
import { readWords, type Words, WordsError } from './command-line.ts';
import { withBuilds, writeResult } from './racing.ts';
import { abortOnInterrupt } from './report-errors.ts';

const vocabulary = {
  switches: ['mine'],
  options: ['stage', 'json', 'plot', 'command'],
  plain: 1,
  plainName: 'how many seconds, such as 60',
  isPlain: (word: string) => /^\d+$/.test(word),
};

const DEFAULT_SECONDS = 60;

export function main(typed: string[]): Promise<number> {
  return withBuilds((builds) => soak(readWords(typed, vocabulary), builds));
}

async function soak(words: Words, builds: string): Promise<number> {
  const seconds = secondsChosen(words);
  const racer = await racerChosen(words, builds);
  const signal = abortOnInterrupt();
  const result = await runSoak({ racer, seconds, onLine: showLine, signal });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${soakReport(result, process.stdout.columns).join('\n')}\n`);
  writeFiles(result, words);
  if (signal.aborted) return 130;
  return result.verdict.passed ? 0 : 1;
}

/** At a terminal: a line that overwrites itself. */
function showLine(state: SoakState): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${soakLine(state, process.stderr.columns)}`);
}

function writeFiles(result: SoakResult, { options }: Words): void {
  const json = options.get('json');
  if (json !== undefined) writeResult(json, `${JSON.stringify(soakJson(result), null, 2)}\n`);
  writeResult(options.get('plot') ?? join(workshopFolder, 'soak.svg'), soakPlot(result));
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
