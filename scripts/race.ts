/**
 * npm run race [stage] [solution] [quick]: measures a proxy against the direct connection and every well-known proxy of
 * this machine, in interleaved rounds; with 'tricks', one of stage 9 against itself without its tricks; with 'apart', each on
 * its own processor. Exit code 0: measured, 1: the racer itself gave no numbers, 2: could not run.
 */

import { join } from 'node:path';
import { currentProxyStage } from '../checkers/progress/progress.ts';
import { progressLine, raceReport } from '../checkers/race/chart.ts';
import { direct, type Entrant, peers, REFERENCE } from '../checkers/race/entrants.ts';
import { raceJson } from '../checkers/race/json.ts';
import { fullPace, quickPace } from '../checkers/race/measure.ts';
import { racePage } from '../checkers/race/page.ts';
import { type RaceResult, runRace } from '../checkers/race/race.ts';
import {
  commandRacer,
  fileRacer,
  proxyFile,
  RACER,
  stagesWithProxy,
  TRICKS_STAGE,
  withoutTricks,
} from '../checkers/race/racer.ts';
import { type Row, rows, rowsMeant } from '../checkers/race/rows.ts';
import { Seats } from '../checkers/race/seats.ts';
import { width } from '../checkers/report/layout.ts';
import { workshopFolder } from '../checkers/root.ts';
import { openInBrowser } from './browser.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { didYouMean, readWords, type Words, WordsError } from './command-line.ts';
import { withBuilds, writeResult } from './racing.ts';
import { abortOnInterrupt } from './report-errors.ts';

const vocabulary = {
  switches: ['solution', 'quick', 'open', 'tricks', 'apart'],
  options: ['rounds', 'only', 'against', 'json', 'html', 'command'],
  plain: 1,
  plainName: 'a stage such as 4',
  isPlain: stageWord.isPlain,
};

export function main(typed: string[]): Promise<number> {
  return withBuilds((builds) => race(readWords(typed, vocabulary), builds));
}

async function race(words: Words, builds: string): Promise<number> {
  const [chosen, rounds] = [rowsChosen(words), roundsChosen(words)];
  const apart = words.switches.has('apart');
  if (apart && !new Seats([]).isPossible)
    throw new WordsError(
      "'apart' gives each proxy a processor to itself. That takes two processors and taskset (from util-linux).",
    );
  const { racer, others } = await whoRaces(words, builds);
  const signal = abortOnInterrupt();
  const result = await runRace({
    title: racer.settings,
    entrants: [direct, racer, ...others],
    rows: chosen,
    rounds,
    pace: words.switches.has('quick') ? quickPace : fullPace,
    apart,
    onProgress: process.stderr.isTTY ? showProgress : () => {},
    signal,
  });
  if (signal.aborted) return 130;
  process.stdout.write(`${raceReport(result, process.stdout.columns).join('\n')}\n`);
  writeFiles(result, words);
  const measured = chosen.some(({ id }) => result.cells[id]?.[RACER]?.figure !== undefined);
  return measured ? 0 : 1;
}

/** A progress line that overwrites itself, on standard error: standard output is for the result. */
function showProgress(done: number, total: number, next: string): void {
  const line = done === total ? '' : progressLine(done, total, next, width(process.stderr.columns));
  process.stderr.write(`\r\u001b[K${line}`);
}

function writeFiles(result: RaceResult, { options, switches }: Words): void {
  const json = options.get('json');
  if (json !== undefined) writeResult(json, `${JSON.stringify(raceJson(result), null, 2)}\n`);
  const page = options.get('html') ?? join(workshopFolder, 'race.html');
  writeResult(page, racePage(result));
  if (switches.has('open')) openInBrowser(page);
}

function rowsChosen({ options }: Words): Row[] {
  const word = options.get('only');
  const found = word === undefined ? rows : rowsMeant(word);
  if (found.length > 0) return found;
  const names = [...new Set(rows.flatMap(({ id, load }) => [id, load]))];
  throw new WordsError(
    `The race has no row '${word ?? ''}'.${didYouMean(word ?? '', names)} Its rows: ${names.join(', ')}.`,
  );
}

function roundsChosen({ options, switches }: Words): number {
  const word = options.get('rounds') ?? (switches.has('quick') ? '2' : '7');
  const rounds = Number(word);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 100) return rounds;
  throw new WordsError(`'rounds' is a whole number from 1 to 100; '${word}' is not.`);
}

/** The racer, and the proxies beside it. */
async function whoRaces(words: Words, builds: string): Promise<{ racer: Entrant; others: Entrant[] }> {
  if (!words.switches.has('tricks')) {
    const others = peersChosen(words);
    return { racer: await racerChosen(words, builds), others };
  }
  if (stageChosen(words) !== TRICKS_STAGE || words.options.has('command')) {
    throw new WordsError(
      `Only a proxy of stage ${TRICKS_STAGE} has tricks to leave out. For example: npm run race ${TRICKS_STAGE} solution tricks`,
    );
  }
  // By default only the reference: this race is about the proxy's own parts.
  const others = words.options.has('against') ? peersChosen(words) : peers.filter(({ id }) => id === REFERENCE);
  const racer = await racerChosen(words, builds);
  return { racer, others: [...(await withoutTricks(racer, join(builds, 'before'))), ...others] };
}

/** 'against haproxy,nginx': only these; without it, all peers. */
function peersChosen({ options }: Words): Entrant[] {
  const word = options.get('against');
  if (word === undefined) return peers;
  const names = peers.map(({ id }) => id);
  return word.split(',').map((id) => {
    const peer = peers.find((candidate) => candidate.id === id);
    if (peer !== undefined) return peer;
    throw new WordsError(`The race has no proxy '${id}'.${didYouMean(id, names)} There are: ${names.join(', ')}.`);
  });
}

function stageChosen({ plain }: Words): number | undefined {
  return plain[0] === undefined ? currentProxyStage()?.number : stageMeant(plain[0], 'npm run race').number;
}

async function racerChosen(words: Words, builds: string): Promise<Entrant> {
  const { plain, switches, options } = words;
  const command = options.get('command');
  if (command !== undefined) {
    if (!switches.has('solution') && plain.length === 0)
      return commandRacer(command, process.env.INIT_CWD ?? process.cwd());
    throw new WordsError("Either a stage or '--command', not both: whose proxy is to race?");
  }
  const whose = switches.has('solution') ? 'solutions' : 'stages';
  const stage = stageChosen(words);
  const path = stage === undefined ? undefined : proxyFile(stage, whose);
  if (path !== undefined)
    return fileRacer(path, switches.has('solution') ? `solution ${stage ?? 0}` : 'your proxy', builds);
  throw new WordsError(`There is no proxy in stage ${stage}. There is one in: ${stagesWithProxy(whose).join(', ')}.`);
}
