/** A small race that never took place, for tests. */
import { figureOf, ratioOf } from './figures.ts';
import type { Cell, RaceResult } from './race.ts';
import { rows } from './rows.ts';

export function exampleRace(): RaceResult {
  const samples: Record<string, number[]> = {
    direct: [4000, 4200, 3800],
    racer: [1500, 1600, 1400],
    haproxy: [2000, 2100, 1900],
  };
  const cell = (id: string): Cell => ({
    figure: figureOf(samples[id] ?? []),
    ratio: ratioOf(samples[id] ?? [], samples.haproxy ?? []),
    problem: undefined,
  });
  const closed: Cell = { figure: undefined, ratio: undefined, problem: 'the proxy closed it' };
  const entrants = [
    { id: 'direct', name: 'direct', settings: 'no proxy' },
    { id: 'racer', name: 'your proxy', settings: '<b>proxy.ts</b>' },
    { id: 'haproxy', name: 'HAProxy', settings: 'defaults' },
  ];
  return {
    title: 'stages/stage-4-tcp-proxy/proxy.ts',
    entrants,
    missing: [{ name: 'socat', why: 'socat is not installed' }],
    rows: rows.filter(({ id }) => id === 'bulk-1' || id === 'cpu-per-gb'),
    rounds: 3,
    processors: 2,
    seconds: 12.4,
    cells: {
      'bulk-1': { direct: cell('direct'), racer: cell('racer'), haproxy: cell('haproxy') },
      'cpu-per-gb': { direct: closed, racer: closed, haproxy: cell('haproxy') },
    },
    notes: ['A note.'],
  };
}
