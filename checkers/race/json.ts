/** A race for programs. Its shape is docs/race-result.schema.json; a change of shape changes `version`. */
import { figureOf } from './figures.ts';
import type { Cell, RaceResult } from './race.ts';
import { rows as allRows } from './rows.ts';

export const RACE_JSON_VERSION = 1;

/** The result as plain data. */
export function raceJson(result: RaceResult): object {
  const { title, rounds, processors, seconds, entrants, missing, rows, cells, notes } = result;
  return {
    version: RACE_JSON_VERSION,
    title,
    rounds,
    processors,
    seconds: Math.round(seconds),
    reference: 'haproxy',
    entrants,
    missing,
    rows: rows.map(({ id, title, unit, better }) => ({
      id,
      title,
      unit,
      better,
      results: entrants.map((entrant) => resultOf(entrant.id, cells[id]?.[entrant.id])),
    })),
    notes,
  };
}

function resultOf(entrant: string, cell: RaceResult['cells'][string][string] | undefined): object {
  const { figure, ratio, problem } = cell ?? {};
  return {
    entrant,
    median: figure?.median ?? null,
    least: figure?.least ?? null,
    most: figure?.most ?? null,
    samples: figure?.samples ?? [],
    ratio: ratio ?? null,
    problem: problem ?? null,
  };
}

/** The inverse of `raceJson`. */
export function raceFromJson(text: string): RaceResult {
  const { rows, ...rest } = JSON.parse(text) as Omit<RaceResult, 'rows' | 'cells'> & { rows: RowJson[] };
  const cells = Object.fromEntries(
    rows.map(({ id, results }) => [id, Object.fromEntries(results.map((one) => [one.entrant, cellOf(one)]))]),
  );
  const known = allRows.filter(({ id }) => rows.some((row) => row.id === id));
  return { ...rest, rows: known, cells };
}

interface RowJson {
  id: string;
  results: { entrant: string; samples: number[]; ratio: number | null; problem: string | null }[];
}

function cellOf({ samples, ratio, problem }: RowJson['results'][number]): Cell {
  return { figure: figureOf(samples), ratio: ratio ?? undefined, problem: problem ?? undefined };
}
