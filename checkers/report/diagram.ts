/**
 * A sequence diagram of one check for the terminal, as seen from outside the proxy.
 *
 *         ms client                your proxy                upstream
 *        112    │                    listens                    │
 *        115    │── connects ────────────>│                     │
 *        116    │                         │             accepts │
 */
import chalk from 'chalk';
import type { TimelineEntry } from '../contract/check.ts';
import type { Cast } from './cast.ts';
import { chooseRows, numberOf, type Row, sideOf } from './folding.ts';
import { printable, wrap } from './layout.ts';

/** The least width of a diagram, in characters. */
export const LEAST_COLUMNS = 58;

export interface DiagramOptions {
  /** no line is longer */
  columns: number;
  /** index of the entry at which it went wrong; undefined: the last one */
  wrongAt?: number;
  /** the label of the mark; undefined: just "here"; false: nothing went wrong, so there is no mark */
  mark?: string | false;
  /** the columns; undefined: those of a learner's proxy */
  cast?: Cast;
}

/** The most lines of a diagram, and of the label below the mark. */
const MAX_LINES = 24;
const MARK_LINES = 2;
const MARK = ' <-- here';
/** The longest useful arrow. */
const WIDEST_GAP = 36;
/** Width of the time with the blank after it. */
const TIME = 8;

const PROXY: Cast = { left: 'client', middle: 'your proxy', right: 'upstream' };

type Side = 'left' | 'right';

/** The positions of the two or three lifelines, and the gap between two of them. */
interface Layout {
  cast: Cast;
  columns: number;
  gap: number;
  left: number;
  middle: number;
  /** undefined: there are only two lifelines */
  right: number | undefined;
  /** the last lifeline */
  last: number;
  /** whether there are several clients, or several upstream connections, so that arrows need their numbers */
  several: Record<Side, boolean>;
}

/** Draws a timeline; empty for one without entries. */
export function sequenceDiagram(timeline: TimelineEntry[], options: DiagramOptions): string[] {
  if (timeline.length === 0) return [];
  const layout = layoutFor(timeline, options.cast ?? PROXY, Math.max(LEAST_COLUMNS, options.columns));
  const last = timeline.length - 1;
  const at = Math.max(0, Math.min(options.wrongAt ?? last, last));
  const marked = options.mark !== false;
  const rows = chooseRows(timeline, at, MAX_LINES - 1 - MARK_LINES);
  const lines = rows.flatMap((row) => {
    const line = rowLine(row, timeline, layout);
    return marked && row.kind === 'event' && row.index === at ? markedLines(line, options.mark, layout) : [line];
  });
  return [heading(layout), ...lines].map((line) => line.trimEnd());
}

function layoutFor(timeline: TimelineEntry[], cast: Cast, columns: number): Layout {
  const left = TIME + 3;
  const room = columns - left - 3 - MARK.length;
  const gap = cast.right === undefined ? Math.min(room, WIDEST_GAP) : Math.floor(room / 2);
  const middle = left + 1 + gap;
  const right = cast.right === undefined ? undefined : middle + 1 + gap;
  const several = (side: Side): boolean =>
    new Set(timeline.filter((entry) => columnOf(entry, cast) === side).map(({ who }) => who)).size > 1;
  return {
    cast,
    columns,
    gap,
    left,
    middle,
    right,
    last: right ?? middle,
    several: { left: several('left'), right: several('right') },
  };
}

/** The column of an entry's actor. */
function columnOf(entry: TimelineEntry, { left, right }: Cast): Side | 'middle' {
  const side = sideOf(entry);
  if (side === left) return 'left';
  return side === right ? 'right' : 'middle';
}

function heading({ cast, left, middle, right }: Layout): string {
  const names: [string, number][] = [
    ['ms', TIME - 2],
    [cast.left, left],
    [cast.middle, middle],
    ...(cast.right !== undefined && right !== undefined ? [[cast.right, right] as [string, number]] : []),
  ];
  const place = (line: string, [name, column]: [string, number]): string =>
    line.padEnd(Math.max(line.length === 0 ? 0 : line.length + 1, column - Math.floor(name.length / 2))) + name;
  return chalk.bold(names.reduce(place, ''));
}

function rowLine(row: Row, timeline: TimelineEntry[], layout: Layout): string {
  if (row.kind === 'event') return eventLine(timeline[row.index] as TimelineEntry, layout);
  const texts = row.kind === 'gap' ? gapTexts(row, timeline) : repeatTexts(row, timeline);
  const until = ` until ${timeText(timeline[row.to - 1])} ms`;
  const text = fitting([...texts.map((start) => start + until), ...texts], layout.last - layout.left - 5);
  return chalk.dim(`${`${' '.repeat(layout.left)}┊  … ${text}`.padEnd(layout.last)}┊`);
}

/** The longest text first. */
function gapTexts({ from, to }: { from: number; to: number }, timeline: TimelineEntry[]): string[] {
  const count = to - from;
  const text = `${count.toLocaleString('en-US')} more ${count === 1 ? 'event' : 'events'}`;
  const clients = timeline.slice(from, to).flatMap((entry) => (sideOf(entry) === 'client' ? numberOf(entry) : []));
  const [least, most] = clients.reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, 0]);
  return least < most ? [`${text} (clients ${least} to ${most})`, text] : [text];
}

/** If all folded events are bytes that arrived, the row shows their sum. */
function repeatTexts(row: Row & { kind: 'repeat' }, timeline: TimelineEntry[]): string[] {
  const folded = timeline.slice(row.from, row.to);
  const times = `${row.times.toLocaleString('en-US')} more like ${row.period === 1 ? 'this' : 'these'}`;
  if (folded.some(({ what }) => what !== 'receives')) return [times];
  return [`${times}, ${bytesText(folded.reduce((sum, { bytes = 0 }) => sum + bytes, 0))} in all`, times];
}

function eventLine(entry: TimelineEntry, layout: Layout): string {
  const time = timeText(entry).padStart(TIME - 1);
  const margin = ' '.repeat(layout.left - TIME + 1);
  const empty = ' '.repeat(layout.gap);
  const side = columnOf(entry, layout.cast);
  if (side === 'middle') return `${time}${margin}${ownLine(entry, layout)}`;
  const arrow = paint(entry, arrowFor(entry, side, layout));
  if (layout.right === undefined) return `${time}${margin}│${arrow}│`;
  const [left, right] = side === 'left' ? [arrow, empty] : [empty, arrow];
  return `${time}${margin}│${left}│${right}│`;
}

/** An event of the program itself: below its heading. */
function ownLine(entry: TimelineEntry, { gap, right }: Layout): string {
  if (right !== undefined) return `│${paint(entry, middle(verbs[entry.what] ?? entry.what, 2 * gap + 1))}│`;
  const word = verbs[entry.what] ?? entry.what;
  const before = gap - Math.floor(word.length / 2);
  return `│${' '.repeat(before)}${paint(entry, word)}`;
}

function middle(word: string, width: number): string {
  const before = Math.floor((width - word.length) / 2);
  return `${' '.repeat(before)}${word}`.padEnd(width);
}

/**
 * An event at the harness's end of a connection. An action of one side is an arrow from that side to the other, with the
 * label at the harness's end; an event that only the harness's end knows of is a label beside it.
 */
function arrowFor(entry: TimelineEntry, side: Side, layout: Layout): string {
  const atLeft = side === 'left';
  if (factsAtEnd.has(entry.what)) {
    const fact = fitting(labels(entry, layout.several[side]), layout.gap - 2);
    return atLeft ? ` ${fact}`.padEnd(layout.gap) : `${fact} `.padStart(layout.gap);
  }
  const fromProgram = whatTheProgramSent.has(entry.what);
  const toRight = atLeft !== fromProgram;
  const label = fitting(labels(entry, layout.several[side]), layout.gap - 3);
  const shaft = layout.gap - label.length - 1;
  const [near, far] = shaft >= 5 ? ['── ', ' '] : ['─', ''];
  const dashes = '─'.repeat(layout.gap - 1 - near.length - far.length - label.length);
  // 'gets 36 bytes' is a label of the receiver: it is at the arrow's head.
  const atHead = entry.what === 'receives';
  const body = atHead === toRight ? `${dashes}${far}${label}${mirrored(near)}` : `${near}${label}${far}${dashes}`;
  return toRight ? `${body}>` : `<${body}`;
}

/** A fact at one end: the other end never learns that a connection was accepted from the backlog. */
const factsAtEnd = new Set<TimelineEntry['what']>(['accepts']);
/** Events that come from the program, as seen at the other end. */
const whatTheProgramSent = new Set<TimelineEntry['what']>(['receives', 'fin', 'rst']);

function mirrored(text: string): string {
  return [...text].reverse().join('');
}

type Verbs = Partial<Record<TimelineEntry['what'], string>>;
const { atTerminal, verbs }: { atTerminal: Verbs; verbs: Verbs } = {
  atTerminal: { sends: 'types', receives: 'shows', finishes: 'end of input' },
  verbs: {
    starts: 'starts',
    listens: 'listens',
    exits: 'exits',
    connects: 'connects',
    accepts: 'accepts',
    sends: 'sends',
    receives: 'gets',
    fin: 'FIN',
    rst: 'RST',
    finishes: 'ends (FIN)',
    closes: 'closes',
    resets: 'resets (RST)',
  },
};

/** Labels for an event, the longest first. */
function labels({ who, what, bytes }: TimelineEntry, several: boolean): string[] {
  const verb = who === 'terminal' ? (atTerminal[what] ?? what) : (verbs[what] ?? what);
  const amount = bytes === undefined ? '' : bytesText(bytes);
  // '3', or '3 at B'
  const number = who.split(' ').slice(1).join(' ');
  if (bytes === undefined) return several ? [`${who}: ${verb}`, `${number}: ${verb}`] : [verb];
  return several
    ? [`${who}: ${verb} ${amount}`, `${who}: ${amount}`, `${number}: ${amount}`]
    : [`${verb} ${amount}`, amount];
}

function fitting(candidates: string[], room: number): string {
  const found = candidates.find((text) => text.length <= room);
  return found ?? `${(candidates.at(-1) ?? '').slice(0, room - 1)}…`;
}

function timeText(entry: TimelineEntry | undefined): string {
  return Math.round(entry?.ms ?? 0).toLocaleString('en-US');
}

/**
 * An amount in words: '1,024 bytes', '10 MiB', '2.5 MiB'. Truncated, not rounded: a transfer that lacks one byte must not
 * look complete.
 */
export function bytesText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 100_000) return `${bytes.toLocaleString('en-US')} bytes`;
  const [unit, name] = bytes < 1024 * 1024 ? [1024, 'KiB'] : [1024 * 1024, 'MiB'];
  if (bytes % unit === 0) return `${(bytes / unit).toLocaleString('en-US')} ${name}`;
  return `${(Math.floor((bytes / unit) * 10) / 10).toLocaleString('en-US', { minimumFractionDigits: 1 })} ${name}`;
}

function paint({ what }: TimelineEntry, text: string): string {
  if (what === 'rst' || what === 'resets' || what === 'exits') return chalk.red(text);
  return what === 'fin' || what === 'closes' ? chalk.yellow(text) : text;
}

/** A row with the mark at its end, and the mark's label below, as far to the right as possible. */
function markedLines(line: string, mark: string | false | undefined, layout: Layout): string[] {
  const marked = `${line}${chalk.bold.red(MARK)}`;
  if (!mark) return [marked];
  const room = layout.columns - layout.left - 1;
  const words = wrap(printable(mark).replaceAll('\n', ' '), room).slice(0, MARK_LINES);
  return [marked, ...words.map((text) => chalk.bold.red(fitting([text], room).padStart(layout.columns)))];
}
