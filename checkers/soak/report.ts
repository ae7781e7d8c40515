/** A soak for people and programs: its live line, its verdict, its JSON, its plot. */
import chalk from 'chalk';
import { linePlot, standalone } from '../race/plot.ts';
import { labelled, width } from '../report/layout.ts';
import type { SoakResult, SoakState } from './soak.ts';

/** '12 of 60 s  3,140 connections (41 open)  5.1 GB  61 MiB  42 descriptors' */
export function soakLine(state: SoakState, columns: number | undefined): string {
  const { second, seconds, connections, open, bytes, memoryKib, descriptors } = state;
  const parts = [
    `${Math.round(second)} of ${seconds} s`,
    `${connections.toLocaleString('en')} connections (${open} open)`,
    `${(bytes / 1e9).toFixed(1)} GB`,
    `${Math.round(memoryKib / 1024)} MiB`,
    `${descriptors} descriptors`,
  ];
  return parts.join('  ').slice(0, width(columns) - 1);
}

/** The verdict, line by line. */
export function soakReport(
  { title, state, verdict, wrong, broken }: SoakResult,
  columns: number | undefined,
): string[] {
  const { connections, bytes, floods, restarts, cut, second } = state;
  const load = `${connections.toLocaleString('en')} connections and ${(bytes / 1e9).toFixed(1)} GB in ${Math.round(second)} s`;
  const summary = `${load}; ${floods} floods; the upstream was restarted ${restarts} times, which cut ${cut} connections.`;
  const room = width(columns);
  return [
    chalk.bold(`Soak: ${title}`),
    ...labelled('', 0, summary, room),
    '',
    ...verdict.findings.flatMap(({ what, passed, seen }) => {
      const mark = passed ? chalk.green('  ✓  ') : chalk.red('  ✗  ');
      return labelled('     ', 5, `${what}: ${seen}`, room).map((line, index) =>
        index === 0 ? mark + line.slice(5) : line,
      );
    }),
    ...[...wrong, ...broken].slice(1).flatMap((text) => labelled('     ', 5, text, room)),
    '',
    verdict.passed ? chalk.green('The proxy held.') : chalk.red('The proxy did not hold.'),
  ];
}

/** The result as plain data, as docs/soak-result.schema.json describes it. */
export function soakJson(result: SoakResult): object {
  const { title, state, verdict, quiet, samples, wrong, broken } = result;
  const { seconds, connections, bytes, floods, restarts, cut } = state;
  const counts = { seconds, connections, bytes, floods, restarts, cut };
  return { version: 1, title, ...verdict, ...counts, wrong, broken, quiet, samples };
}

/** Memory, descriptors and open connections over time, as a picture. */
export function soakPlot({ samples, title }: SoakResult): string {
  const line = (name: string, own: boolean, pick: (sample: SoakResult['samples'][number]) => number) => ({
    name,
    own,
    points: samples.map((sample): [number, number] => [sample.second, pick(sample)]),
  });
  const series = [
    line('memory (MiB)', true, ({ memoryKib }) => memoryKib / 1024),
    line('descriptors', false, ({ descriptors }) => descriptors),
    line('connections', false, ({ open }) => open),
  ];
  return standalone(linePlot(`Soak: ${title}`, 'seconds', series, 'linear'));
}
