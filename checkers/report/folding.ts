/** Chooses which events of a timeline are drawn and which are only counted, so that a diagram fits on a screen. */
import type { TimelineEntry } from '../contract/check.ts';

/** One line of a diagram. Entries are given by their index in the timeline; `to` is exclusive. */
export type Row =
  | { kind: 'event'; index: number }
  /** the `period` events before it, repeated `times` more times */
  | { kind: 'repeat'; from: number; to: number; period: number; times: number }
  /** omitted for lack of room */
  | { kind: 'gap'; from: number; to: number };

/** Rows that are kept at the beginning; events that are drawn one by one around the relevant moment. */
const HEAD = 6;
const BEFORE = 7;
const AFTER = 3;
const AROUND = BEFORE + 1 + AFTER;
/** The most events in a repeating group. A visit of a client takes about ten. */
const LONGEST_PERIOD = 20;
/** A fold must omit at least this many events, or it hides more than it saves. */
const LEAST_FOLDED = 4;

/**
 * Chooses the rows, in the order of the timeline: every entry is in exactly one of them.
 *
 * @param timeline all of it
 * @param at index of the most relevant entry; it and its neighbours are drawn one by one
 * @param room the most rows, at least 20
 */
export function chooseRows(timeline: TimelineEntry[], at: number, room: number): Row[] {
  if (timeline.length <= room) return eventRows(0, timeline.length);
  const [from, to] = [Math.max(0, at - BEFORE), Math.min(timeline.length, at + AFTER + 1)];
  const events = timeline.map((entry) => ({ kind: `${sideOf(entry)} ${entry.what}`, number: numberOf(entry) }));
  const before = foldRepeats(events, 0, from);
  const rows = [...before, ...eventRows(from, to), ...foldRepeats(events, to, timeline.length)];
  return leaveOutMiddle(rows, before.length + at - from, room);
}

function eventRows(from: number, to: number): Row[] {
  return Array.from({ length: to - from }, (_, offset) => ({ kind: 'event', index: from + offset }));
}

/** The properties that two "like" events share. */
interface Like {
  kind: string;
  number: number;
}

function foldRepeats(events: Like[], from: number, to: number): Row[] {
  const rows: Row[] = [];
  for (let at = from; at < to; ) {
    const { period, folded } = longestRepeat(events, at, to);
    const start = at + period;
    for (const row of eventRows(at, start)) rows.push(row);
    at = start + folded;
    if (folded > 0) rows.push({ kind: 'repeat', from: start, to: at, period, times: folded / period });
  }
  return rows;
}

/** Finds the period that folds most, and how many events after the first `period` ones repeat these. */
function longestRepeat(events: Like[], at: number, to: number): { period: number; folded: number } {
  let best = { period: 1, folded: 0 };
  for (let period = 1; period <= LONGEST_PERIOD && at + 2 * period <= to; period += 1) {
    const length = repeatLength(events, at, to, period);
    const folded = length - (length % period);
    if (folded >= Math.max(LEAST_FOLDED, 2 * period) && folded > best.folded) best = { period, folded };
  }
  return best;
}

function repeatLength(events: Like[], at: number, to: number, period: number): number {
  const shift = shiftBetween(events[at], events[at + period]);
  let length = 0;
  while (at + period + length < to) {
    const [earlier, later] = [events[at + length], events[at + length + period]];
    if (earlier?.kind !== later?.kind) break;
    // In a group of several kinds of events, the actors must be as regular as the events.
    if (period > 1 && shiftBetween(earlier, later) !== shift) break;
    length += 1;
  }
  return length;
}

function shiftBetween(earlier: Like | undefined, later: Like | undefined): number {
  return (later?.number ?? 0) - (earlier?.number ?? 0);
}

/** 'client' for 'client 12'. */
export function sideOf({ who }: TimelineEntry): string {
  return who.split(' ', 1)[0] ?? who;
}

/** 12 for 'client 12'; 0 for the program. */
export function numberOf({ who }: TimelineEntry): number {
  return Number(who.split(' ')[1] ?? 0);
}

/** Keeps the beginning and the rows around `at`; the rest becomes gaps with the number of omitted events. */
function leaveOutMiddle(rows: Row[], at: number, room: number): Row[] {
  if (rows.length <= room) return rows;
  const [head, from, to] = keptRows(rows, at, room);
  return [...rows.slice(0, head), ...gap(rows.slice(head, from)), ...rows.slice(from, to), ...gap(rows.slice(to))];
}

/** The rows before `head`, and those from `from` to `to`. */
function keptRows(rows: Row[], at: number, room: number): [head: number, from: number, to: number] {
  if (at + AFTER < room - 1) return [room - 1, room - 1, room - 1];
  const firstFold = rows.findIndex((row) => row.kind === 'repeat') + 1;
  const head = firstFold <= room - 2 - AROUND ? Math.max(HEAD, firstFold) : HEAD;
  const to = Math.min(rows.length, at + AFTER + 1);
  const least = Math.max(head, to - (room - head - 2));
  // "More like these" makes sense only below these.
  const headless = rows.findLastIndex(
    (row, index) => row.kind === 'repeat' && index < at && index >= least && index - row.period < least,
  );
  return [head, Math.max(least, headless + 1), to];
}

function gap(rows: Row[]): Row[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || rows.length === 1) return rows;
  return [{ kind: 'gap', from: startOf(first), to: endOf(last) }];
}

function startOf(row: Row): number {
  return row.kind === 'event' ? row.index : row.from;
}

function endOf(row: Row): number {
  return row.kind === 'event' ? row.index + 1 : row.to;
}
