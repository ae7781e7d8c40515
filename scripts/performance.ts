/**
 * npm run performance [rounds 11] [draw]: races all our solutions against all peers, then the fastest against its nearest
 * peers with each proxy on its own processor, and updates the numbers, tables and plots of docs/performance.md; 'draw'
 * only redraws the last numbers. For authors of the docs.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressLine } from '../checkers/race/chart.ts';
import { direct, type Entrant, peers } from '../checkers/race/entrants.ts';
import { raceFromJson, raceJson } from '../checkers/race/json.ts';
import { fullPace } from '../checkers/race/measure.ts';
import { pageWith, plotFiles } from '../checkers/race/performance.ts';
import { runRace } from '../checkers/race/race.ts';
import { fileRacer, proxyFile, RACER, stagesWithProxy } from '../checkers/race/racer.ts';
import { rows } from '../checkers/race/rows.ts';
import { Seats } from '../checkers/race/seats.ts';
import { width } from '../checkers/report/layout.ts';
import { root } from '../checkers/root.ts';
import { readWords, WordsError } from './command-line.ts';
import { withBuilds } from './racing.ts';
import { abortOnInterrupt } from './report-errors.ts';

const page = join(root, 'docs', 'performance.md');
const numbers = join(root, 'docs', 'performance.json');
const numbersApart = join(root, 'docs', 'performance-apart.json');
/** The entrants of the second race, each on its own processor: ours, without the slowest peers. */
const NEAR = [RACER, 'splice', 'stage-4'];
const FAR = ['socat', 'node-net'];
const plots = join(root, 'assets', 'performance');

export function main(typed: string[]): Promise<number> {
  return withBuilds(async (builds) => {
    const { switches, options } = readWords(typed, { switches: ['draw'], options: ['rounds'], plain: 0 });
    const raced = switches.has('draw') || (await race(roundsOf(options.get('rounds') ?? '11'), builds));
    if (!raced) return 130;
    draw();
    return 0;
  });
}

function roundsOf(word: string): number {
  if (/^[1-9]\d?$/.test(word)) return Number(word);
  throw new WordsError(`'rounds' is a whole number from 1 to 99; '${word}' is not.`);
}

/** Resolves with false if it was interrupted, and has then written nothing. */
async function race(rounds: number, builds: string): Promise<boolean> {
  if (!new Seats([]).isPossible)
    throw new WordsError(
      "'apart' gives each proxy a processor to itself. That takes two processors and taskset (from util-linux).",
    );
  const signal = abortOnInterrupt();
  const own = await ourSolutions(builds);
  const both = { rounds, pace: fullPace, signal };
  const everyProxy = { title: 'every solution of the course', entrants: [direct, ...own, ...peers], rows };
  const result = await runRace({ ...both, ...everyProxy, onProgress: showProgress });
  if (signal.aborted) return false;
  // The slow ones are distinguishable without a second race.
  const near = [...own.filter(({ id }) => NEAR.includes(id)), ...peers.filter(({ id }) => !FAR.includes(id))];
  const counted = rows.filter(({ load }) => !['memory', 'idle'].includes(load));
  const apart = { title: 'each on a processor of its own', entrants: near, rows: counted, apart: true };
  const resultApart = await runRace({ ...both, ...apart, onProgress: showProgress });
  if (signal.aborted) return false;
  writeFileSync(numbers, `${JSON.stringify(raceJson(result), null, 2)}\n`);
  writeFileSync(numbersApart, `${JSON.stringify(raceJson(resultApart), null, 2)}\n`);
  return true;
}

function showProgress(done: number, total: number, next: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[K${progressLine(done, total, next, width(process.stderr.columns))}`);
}

/** The newest is the racer; the others run beside it, and so does the newest with pipes for all connections. */
async function ourSolutions(builds: string): Promise<Entrant[]> {
  const stages = stagesWithProxy('solutions').reverse();
  const racers = stages.map(async (stage, index) => {
    const racer = await fileRacer(proxyFile(stage, 'solutions') ?? '', `stage ${stage}`, join(builds, String(stage)));
    return { ...racer, id: index === 0 ? RACER : `stage-${stage}` };
  });
  const [newest, ...older] = await Promise.all(racers);
  if (newest === undefined) return older;
  const settings = `${newest.settings} with SPLICE=always`;
  const spliced = { ...newest, id: 'splice', name: `${newest.name} splice`, settings, variables: { SPLICE: 'always' } };
  return [newest, spliced, ...older];
}

/** Tables and plots from the numbers in the repository. */
function draw(): void {
  const result = raceFromJson(readFileSync(numbers, 'utf8'));
  const apart = raceFromJson(readFileSync(numbersApart, 'utf8'));
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), result, apart));
  mkdirSync(plots, { recursive: true });
  for (const name of readdirSync(plots)) rmSync(join(plots, name));
  for (const { name, svg } of plotFiles(result)) writeFileSync(join(plots, name), svg);
  process.stdout.write(
    'Written: docs/performance.md, docs/performance.json, docs/performance-apart.json, assets/performance/\n',
  );
}
