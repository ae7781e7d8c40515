/** The rows of a race: what is measured, in which unit, and which way is better. */
import { text } from '../messages/index.ts';

/** One kind of load gives several rows. */
export type LoadId = 'bulk-1' | 'bulk-8' | 'round-trips' | 'connections' | 'memory' | 'idle';

export interface Row {
  id: string;
  title: string;
  unit: string;
  better: 'more' | 'less';
  /** the load that this number comes from */
  load: LoadId;
}

/** How many connections stand idle while one other is timed. */
export const IDLE_COUNTS = [10, 100, 1000, 5000];

export const rows: Row[] = [
  { id: 'bulk-1', title: text.race.bulk(1), unit: 'MB/s', better: 'more', load: 'bulk-1' },
  { id: 'bulk-8', title: text.race.bulk(8), unit: 'MB/s', better: 'more', load: 'bulk-8' },
  { id: 'cpu-per-gb', title: text.race.cpuPerGb(1), unit: 's', better: 'less', load: 'bulk-1' },
  { id: 'cpu-per-gb-8', title: text.race.cpuPerGb(8), unit: 's', better: 'less', load: 'bulk-8' },
  {
    id: 'round-trips',
    title: text.race.roundTrips(64, 32),
    unit: '/s',
    better: 'more',
    load: 'round-trips',
  },
  { id: 'cpu-per-1000-trips', title: text.race.cpuPer1000Trips, unit: 'ms', better: 'less', load: 'round-trips' },
  { id: 'latency-p50', title: text.race.latencyMedian, unit: 'µs', better: 'less', load: 'round-trips' },
  { id: 'latency-p99', title: text.race.latencyP99, unit: 'µs', better: 'less', load: 'round-trips' },
  { id: 'connections', title: text.race.newConnections(32), unit: '/s', better: 'more', load: 'connections' },
  {
    id: 'cpu-per-1000',
    title: text.race.cpuPer1000,
    unit: 'ms',
    better: 'less',
    load: 'connections',
  },
  { id: 'memory', title: text.race.memory, unit: 'KiB', better: 'less', load: 'memory' },
  ...IDLE_COUNTS.map(
    (count): Row => ({
      id: `rtt-${count}`,
      title: text.race.roundTripBeside(count),
      unit: 'µs',
      better: 'less',
      load: 'idle',
    }),
  ),
];

/** The loads that these rows need, in the order in which they are run. */
export function loadsFor(wanted: Row[]): LoadId[] {
  return [...new Set(wanted.map(({ load }) => load))];
}

/**
 * The rows that a word means: one row's name, or a load's, which is all of its rows.
 *
 * @returns none where no row is called so
 */
export function rowsMeant(word: string): Row[] {
  const all = rows.filter(({ load }) => load === word);
  return all.length > 0 ? all : rows.filter(({ id }) => id === word);
}
