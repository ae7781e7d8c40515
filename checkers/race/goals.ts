/** The goals of the fastest solution, as ratios within one race, and its current standing. */
import { median, ratioOf } from './figures.ts';
import type { RaceResult } from './race.ts';
import { RACER } from './racer.ts';

export interface Standing {
  goal: string;
  /** as measured; undefined if an entrant was missing */
  measured: number | undefined;
  wanted: number;
  unit: 'x' | 'KiB';
  /** whether `wanted` is a minimum or a maximum */
  is: 'least' | 'most';
  reached: boolean;
}

/** Peers with tuned settings. */
const TUNED = ['haproxy-tuned', 'haproxy-splice', 'nginx-tuned'];
const PEERS = ['haproxy', 'nginx', 'socat', 'node-net', ...TUNED];

export function standings(result: RaceResult): Standing[] {
  const look = new Look(result);
  return [
    least('Bulk, 1 stream, to default HAProxy', look.ratio('bulk-1', RACER, 'haproxy'), 2),
    least('Bulk, 8 streams, to default HAProxy', look.ratio('bulk-8', RACER, 'haproxy'), 2),
    least('Bulk, 1 stream, to the best tuned peer', look.toBest('bulk-1', TUNED, Math.max), 1),
    least('Bulk, 8 streams, to the best tuned peer', look.toBest('bulk-8', TUNED, Math.max), 1),
    least('Bulk, 1 stream, to the direct connection', look.ratio('bulk-1', RACER, 'direct'), 0.9),
    most('CPU time per GB, 1 stream, to default HAProxy', look.ratio('cpu-per-gb', RACER, 'haproxy'), 0.2),
    most('CPU time per GB, 8 streams, to default HAProxy', look.ratio('cpu-per-gb-8', RACER, 'haproxy'), 0.2),
    most('CPU time per GB, 1 stream, to the best tuned peer', look.toBest('cpu-per-gb', TUNED, Math.min), 1),
    most('CPU time per GB, 8 streams, to the best tuned peer', look.toBest('cpu-per-gb-8', TUNED, Math.min), 1),
    least('Round trips, to the best peer', look.toBest('round-trips', PEERS, Math.max), 1),
    least('New connections, to the best peer', look.toBest('connections', PEERS, Math.max), 1),
    most('Memory per idle connection', look.number('memory', RACER), 2, 'KiB'),
    most('Round trip with 5,000 idle connections, to that with 10', look.own('rtt-5000', 'rtt-10'), 1.2),
    least("Stage 4's solution in bulk, to node:net", look.ratio('bulk-1', 'stage-4', 'node-net'), 1.3),
  ];
}

class Look {
  readonly #cells: RaceResult['cells'];

  constructor({ cells }: RaceResult) {
    this.#cells = cells;
  }

  number(row: string, entrant: string): number | undefined {
    return this.#cells[row]?.[entrant]?.figure?.median;
  }

  /** Median of the rounds' ratios. */
  ratio(row: string, entrant: string, reference: string): number | undefined {
    const samplesOf = (id: string): number[] => this.#cells[row]?.[id]?.figure?.samples ?? [];
    return ratioOf(samplesOf(entrant), samplesOf(reference));
  }

  /** The ratio to whichever of these comes off best in this row. */
  toBest(row: string, entrants: string[], best: (...values: number[]) => number): number | undefined {
    const known = entrants.filter((id) => this.number(row, id) !== undefined);
    const top = best(...known.map((id) => this.number(row, id) ?? 0));
    const winner = known.find((id) => this.number(row, id) === top);
    return winner === undefined ? undefined : this.ratio(row, RACER, winner);
  }

  own(row: string, otherRow: string): number | undefined {
    const [one, other] = [row, otherRow].map((id) => this.#cells[id]?.[RACER]?.figure?.samples ?? []);
    if (one === undefined || other === undefined || one.length === 0 || other.length === 0) return undefined;
    return median(one) / median(other);
  }
}

function least(goal: string, measured: number | undefined, wanted: number): Standing {
  return { goal, measured, wanted, unit: 'x', is: 'least', reached: (measured ?? 0) >= wanted };
}

function most(goal: string, measured: number | undefined, wanted: number, unit: 'x' | 'KiB' = 'x'): Standing {
  const reached = measured !== undefined && measured <= wanted;
  return { goal, measured, wanted, unit, is: 'most', reached };
}
