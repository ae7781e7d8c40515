/** A race: starts all entrants, measures them in turns round by round, and collects the numbers. */

import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Reaper } from '../harness/reaper.ts';
import { takePortBlock } from '../kernel/ports.ts';
import { workshopFolder } from '../root.ts';
import { direct, type Entrant, REFERENCE } from './entrants.ts';
import { type Figure, figureOf, ratioOf } from './figures.ts';
import { Generator } from './load.ts';
import { measure, type Pace, type Sample, warmUp } from './measure.ts';
import { type LoadId, loadsFor, type Row } from './rows.ts';
import { Runner } from './running.ts';
import { Seats } from './seats.ts';

export interface RaceRequest {
  /** title of what races against the others, e.g. 'the solution of stage 4' */
  title: string;
  entrants: Entrant[];
  rows: Row[];
  rounds: number;
  pace: Pace;
  /** whether each proxy has a processor to itself while it is measured, where Seats.isPossible */
  apart?: boolean;
  /** called after each measurement: how many are done, of how many, and what comes next */
  onProgress?: (done: number, total: number, next: string) => void;
  /** aborts the race, e.g. on Ctrl-C */
  signal?: AbortSignal;
}

/** One entrant's number in one row. */
export interface Cell {
  figure: Figure | undefined;
  /** median of the rounds' ratios to default HAProxy; undefined where that was not measured */
  ratio: number | undefined;
  /** why there is no number */
  problem: string | undefined;
}

export interface RaceResult {
  title: string;
  entrants: { id: string; name: string; settings: string }[];
  /** those that could not take part, and why */
  missing: { name: string; why: string }[];
  rows: Row[];
  rounds: number;
  processors: number;
  seconds: number;
  /** by row, then by entrant */
  cells: Record<string, Record<string, Cell>>;
  notes: string[];
}

/** Opening idle connections takes longest, so they have only this many rounds. */
const IDLE_ROUNDS = 3;
const IDLE_LOADS: LoadId[] = ['memory', 'idle'];

/**
 * Runs a race.
 *
 * @throws CannotRun when the generators do not run
 */
export async function runRace(request: RaceRequest): Promise<RaceResult> {
  const start = performance.now();
  const reaper = new Reaper();
  const folder = join(workshopFolder, 'races', reaper.mark);
  mkdirSync(folder, { recursive: true });
  const block = await takePortBlock();
  const absent = request.entrants.flatMap((entrant) => withReason(entrant, entrant.missing()));
  const present = request.entrants.filter((entrant) => entrant.missing() === undefined);
  // A proxy of stage 8 has an extra port for its status.
  const ports = present.map(() => ({ proxy: block.take(), upstream: block.take(), status: block.take() }));
  const upstream = new Generator(['upstream', ...ports.map((pair) => String(pair.upstream))], reaper);
  const clients = new Generator(['clients'], reaper);
  const runners: Runner[] = [];
  try {
    await Promise.all([upstream.ready(), clients.ready()]);
    for (const [index, entrant] of present.entries()) {
      const runner = new Runner(entrant, ports[index] ?? { proxy: 0, upstream: 0 }, reaper, join(folder, entrant.id));
      runners.push(runner);
    }
    const reasons = await Promise.all(runners.map((runner) => runner.ready()));
    absent.push(...runners.flatMap(({ entrant }, index) => withReason(entrant, reasons[index])));
    const able = runners.filter((_, index) => reasons[index] === undefined);
    const seats = request.apart ? new Seats([clients.pid, upstream.pid]) : undefined;
    const samples = await takeTurns(request, able, clients, seats);
    return summary(request, able, absent, samples, (performance.now() - start) / 1000);
  } finally {
    clients.end();
    upstream.end();
    await Promise.all(runners.map((runner) => runner.end()));
    block.release();
    reaper.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function withReason({ name }: Entrant, why: string | undefined): { name: string; why: string }[] {
  return why === undefined ? [] : [{ name, why }];
}

/** What each entrant gave, round by round. */
type Samples = Map<string, Sample[]>;

/** All entrants take each load in turn, so that a busy moment of the machine hits all of them alike. */
async function takeTurns(
  request: RaceRequest,
  runners: Runner[],
  clients: Generator,
  seats: Seats | undefined,
): Promise<Samples> {
  const samples: Samples = new Map(runners.map(({ entrant }) => [entrant.id, []]));
  const loads = loadsFor(request.rows);
  for (const runner of runners) {
    for (const load of loads) {
      if (request.signal?.aborted) break;
      request.onProgress?.(0, 1, `${runner.entrant.name} warms up, ${load}`);
      seats?.take(runner.pid);
      await warmUp(load, runner, clients, request.pace);
    }
  }
  const turns = planTurns(loads, request.rounds, runners.length);
  for (const [done, { round, load, lane }] of turns.entries()) {
    const runner = runners[lane];
    if (runner === undefined || request.signal?.aborted) break;
    request.onProgress?.(done, turns.length, `${runner.entrant.name}, ${load}`);
    const list = samples.get(runner.entrant.id) ?? [];
    seats?.take(runner.pid);
    const sample = await measure(load, runner, clients, request.pace);
    const sofar = list[round] ?? { numbers: {}, problems: {} };
    list[round] = {
      numbers: { ...sofar.numbers, ...sample.numbers },
      problems: { ...sofar.problems, ...sample.problems },
    };
  }
  request.onProgress?.(turns.length, turns.length, '');
  return samples;
}

/** The order of measurements. Each round begins with another entrant, so that none always comes first. */
export function planTurns(
  loads: LoadId[],
  rounds: number,
  lanes: number,
): { round: number; load: LoadId; lane: number }[] {
  return Array.from({ length: rounds }, (_, round) =>
    loads
      .filter((load) => !IDLE_LOADS.includes(load) || round < IDLE_ROUNDS)
      .flatMap((load) => Array.from({ length: lanes }, (_, i) => ({ round, load, lane: (i + round) % lanes }))),
  ).flat();
}

function summary(
  request: RaceRequest,
  runners: Runner[],
  missing: { name: string; why: string }[],
  samples: Samples,
  seconds: number,
): RaceResult {
  const { title, rounds, rows } = request;
  const entrants = runners.map(({ entrant: { id, name, settings } }) => ({ id, name, settings }));
  const cells = Object.fromEntries(rows.map((row) => [row.id, cellsOf(row, entrants, samples)]));
  const result = { title, entrants, missing, rows, rounds, processors: availableParallelism(), seconds, cells };
  return {
    ...result,
    notes: request.apart
      ? [
          "Each proxy had a processor to itself, and clients and upstream had the others: look at the processor time, which is steadier so. Throughput may be the clients' and the upstream's own limit.",
        ]
      : generatorNotes(result),
  };
}

function cellsOf({ id }: Row, entrants: { id: string }[], samples: Samples): Record<string, Cell> {
  const numbersOf = (entrant: string): (number | undefined)[] =>
    Array.from(samples.get(entrant) ?? [], (sample) => sample?.numbers[id]);
  const reference = numbersOf(REFERENCE);
  return Object.fromEntries(
    entrants.map((entrant): [string, Cell] => {
      const numbers = numbersOf(entrant.id);
      const problem = samples.get(entrant.id)?.flatMap((sample) => sample?.problems[id] ?? [])[0];
      const figure = figureOf(numbers.filter((number) => number !== undefined));
      return [
        entrant.id,
        { figure, ratio: ratioOf(numbers, reference), problem: figure && problem === undefined ? undefined : problem },
      ];
    }),
  );
}

/** Shows that the load generator is not the bottleneck: it achieves more without a proxy than with the fastest one. */
export function generatorNotes({ rows, cells, entrants }: Pick<RaceResult, 'rows' | 'cells' | 'entrants'>): string[] {
  return rows
    .filter(({ id, better }) => better === 'more' && cells[id]?.[direct.id]?.figure !== undefined)
    .map((row) => {
      const limit = cells[row.id]?.[direct.id]?.figure?.median ?? 0;
      const others = entrants.filter(({ id }) => id !== direct.id);
      const best = Math.max(0, ...others.map(({ id }) => cells[row.id]?.[id]?.figure?.median ?? 0));
      const share = best === 0 ? 0 : limit / best;
      return `${row.title}: without a proxy ${share.toFixed(2)} times the fastest proxy; ${share < 1 ? 'here the generator or the machine is the limit' : 'the generator is not the limit'}.`;
    });
}
