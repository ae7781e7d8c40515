/** The race as bars in a terminal: readable in 80 columns and without colour. */

import chalk from 'chalk';
import { labelled, width, wrap } from '../report/layout.ts';
import { type Figure, inDigits } from './figures.ts';
import type { Cell, RaceResult } from './race.ts';
import { type Row, titleOf } from './rows.ts';

const NAME_WIDTH = 18;
const NUMBER_WIDTH = 11;
const TAIL_WIDTH = 24;
/** Eighths of a character, from none to seven. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The whole report. */
export function raceReport(result: RaceResult, columns: number | undefined): string[] {
  const room = width(columns);
  return [
    ...headLines(result, room),
    ...result.rows.flatMap((row) => ['', ...rowLines(row, result, room)]),
    '',
    ...settingsLines(result, room),
    '',
    ...result.notes.flatMap((note) => wrap(note, room)),
  ];
}

export function headLines({ title, rounds, processors, seconds }: RaceResult, room: number): string[] {
  const how = `${rounds} interleaved rounds on ${processors} processors in ${Math.round(seconds)} s. Medians; ±: half the range; x: ratio to default HAProxy, round by round.`;
  return [chalk.bold(`Race: ${title}`), ...wrap(how, room)];
}

/** One row: a line for each entrant. */
export function rowLines(row: Row, { cells, entrants }: RaceResult, room: number): string[] {
  const figures = entrants.map(({ id }) => cells[row.id]?.[id]);
  const most = Math.max(0, ...figures.map((cell) => cell?.figure?.median ?? 0));
  const title = titleOf(row);
  const barRoom = Math.max(6, room - NAME_WIDTH - NUMBER_WIDTH - TAIL_WIDTH);
  return [
    chalk.bold(title),
    ...entrants.map(({ id, name }, index) => {
      const label = id === 'racer' ? chalk.cyan(name.padEnd(NAME_WIDTH)) : name.padEnd(NAME_WIDTH);
      return `${label}${cellText(figures[index], most, barRoom, id, room - NAME_WIDTH)}`;
    }),
  ];
}

function cellText(cell: Cell | undefined, most: number, barRoom: number, id: string, room: number): string {
  const figure = cell?.figure;
  if (figure === undefined) return reason(cell, id, room);
  const number = inDigits(figure.median).padStart(NUMBER_WIDTH - 1);
  const bar = barOf(figure.median / (most || 1), barRoom);
  const filled = id === 'racer' ? chalk.cyan(bar) : bar;
  return `${number} ${filled}${' '.repeat(barRoom - bar.length)} ${spread(figure).padStart(8)}${ratio(cell)}`;
}

function reason(cell: Cell | undefined, id: string, room: number): string {
  const why = cell?.problem ?? (id === 'direct' ? 'does not apply' : 'not measured');
  const short = why.length > room - NUMBER_WIDTH ? `${why.slice(0, room - NUMBER_WIDTH - 1)}…` : why;
  return `${'–'.padStart(NUMBER_WIDTH - 1)} ${chalk.dim(short)}`;
}

/** Half of the distance between the least and the most, in percent of the median. */
function spread({ least, most, median, samples }: Figure): string {
  if (samples.length < 2 || median === 0) return '';
  return `±${Math.round(((most - least) / 2 / median) * 100)} %`;
}

function ratio(cell: Cell | undefined): string {
  if (cell?.ratio === undefined) return '';
  return `${cell.ratio.toFixed(2)} x`.padStart(10);
}

/** A bar of blocks. */
export function barOf(share: number, room: number): string {
  const eighths = Math.max(0, Math.min(Math.round(share * room * 8), room * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

function settingsLines({ entrants, missing }: RaceResult, room: number): string[] {
  return [
    chalk.bold('Proxies in this race, and their settings'),
    ...entrants.flatMap(({ name, settings }) => labelled(name, NAME_WIDTH, settings, room)),
    ...missing.flatMap(({ name, why }) => labelled(name, NAME_WIDTH, `took no part: ${why}`, room)),
  ];
}

/** '[█████▌    ] 12 of 40  HAProxy, bulk-8' in one line. */
export function progressLine(done: number, total: number, next: string, room: number): string {
  const bar = barOf(total === 0 ? 0 : done / total, 20);
  return `[${bar.padEnd(20)}] ${done} of ${total}  ${next}`.slice(0, room - 1);
}
