/** The rows of a race: what is measured, in which unit, and which way is better. */

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
  { id: 'bulk-1', title: bulkText(1), unit: 'MB/s', better: 'more', load: 'bulk-1' },
  { id: 'bulk-8', title: bulkText(8), unit: 'MB/s', better: 'more', load: 'bulk-8' },
  { id: 'cpu-per-gb', title: cpuPerGb(1), unit: 's', better: 'less', load: 'bulk-1' },
  { id: 'cpu-per-gb-8', title: cpuPerGb(8), unit: 's', better: 'less', load: 'bulk-8' },
  {
    id: 'round-trips',
    title: 'Round trips of 64 bytes, 32 connections',
    unit: '/s',
    better: 'more',
    load: 'round-trips',
  },
  {
    id: 'cpu-per-1000-trips',
    title: "Proxy's CPU time per 1,000 round trips",
    unit: 'ms',
    better: 'less',
    load: 'round-trips',
  },
  { id: 'latency-p50', title: 'Latency under that load, median', unit: 'µs', better: 'less', load: 'round-trips' },
  { id: 'latency-p99', title: 'Latency under that load, p99', unit: 'µs', better: 'less', load: 'round-trips' },
  { id: 'connections', title: 'New connections, 32 at once', unit: '/s', better: 'more', load: 'connections' },
  {
    id: 'cpu-per-1000',
    title: "Proxy's CPU time per 1,000 connections",
    unit: 'ms',
    better: 'less',
    load: 'connections',
  },
  { id: 'memory', title: 'Memory per idle connection', unit: 'KiB', better: 'less', load: 'memory' },
  ...IDLE_COUNTS.map(
    (count): Row => ({
      id: `rtt-${count}`,
      title: `Round trip beside ${count.toLocaleString('en')} idle connections`,
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

function bulkText(streams: number): string {
  return `Bulk throughput, ${streams === 1 ? '1 stream' : `${streams} streams`}`;
}

function cpuPerGb(streams: number): string {
  return `Proxy's CPU time per GB, ${streams === 1 ? '1 stream' : `${streams} streams`}`;
}

const WAYS = { more: 'more is better', less: 'less is better' };

/** 'Latency under that load, median (µs; less is better)' */
export function titleOf({ title, unit, better }: Pick<Row, 'title' | 'unit' | 'better'>): string {
  return `${title} (${unit}; ${WAYS[better]})`;
}
