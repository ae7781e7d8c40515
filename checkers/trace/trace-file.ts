/** Reading the trace of a learner's program. It may hold anything: the program itself can write to it. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { TraceLine } from '../../linux/trace-line.ts';
import type { ReportedEvent, TraceRecord } from '../contract/trace-record.ts';
import { withOwners } from './event-owners.ts';
import { parseStrace } from './strace.ts';
import { type KnownPorts, ofTheCheck } from './trace-sockets.ts';

/** A trace whose name ends so is written by strace. */
export const STRACE_ENDING = '.strace';

/** strace uses the wall clock: CLOCK_MONOTONIC in ms when the wall clock was 0. */
function wallClockStart(): number {
  return Number(process.hrtime.bigint()) / 1e6 - Date.now();
}

/** A longer trace is cut to its beginning and its end. */
const HALF_BYTES = 8 * 1024 * 1024;
/** The most lines from either end; linux/ thins its trace, so only a forged trace has more. */
const HALF_LINES = 10_000;

/**
 * Reads a trace.
 *
 * @param path of the file that the program wrote
 * @param start CLOCK_MONOTONIC in ms when the check began
 * @param ports of the check: what goes to others is left out
 * @returns its valid lines in order; empty if there is no such file
 */
export function readTrace(path: string, start: number, ports: KnownPorts): TraceRecord[] {
  const text = readEnds(path);
  if (path.endsWith(STRACE_ENDING)) {
    const zero = wallClockStart() - start;
    return thinned(ofTheCheck(withOwners(parseStrace(text, (seconds) => seconds * 1000 + zero)), ports));
  }
  return thinned(ofTheCheck(withOwners(text.split('\n').flatMap((line) => parseLine(line, start))), ports));
}

function thinned(records: TraceRecord[]): TraceRecord[] {
  if (records.length <= 2 * HALF_LINES) return records;
  return [...records.slice(0, HALF_LINES), ...records.slice(-HALF_LINES)];
}

/** A program may replace its trace by anything: a folder, a pipe without a writer, a link to a device. */
function readEnds(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const status = fstatSync(file);
    if (!status.isFile()) return '';
    if (status.size <= 2 * HALF_BYTES) return readPart(file, 0, status.size);
    return `${readPart(file, 0, HALF_BYTES)}\n${readPart(file, status.size - HALF_BYTES, HALF_BYTES)}`;
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readPart(file: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, from));
}

function parseLine(text: string, start: number): TraceRecord[] {
  try {
    const line = JSON.parse(text) as TraceLine;
    const sound =
      typeof line.at === 'number' &&
      typeof line.call === 'string' &&
      typeof line.fd === 'number' &&
      typeof line.args === 'object' &&
      line.args !== null &&
      (line.result === undefined || typeof line.result === 'number') &&
      (line.events === undefined || (Array.isArray(line.events) && line.events.every(isEvent))) &&
      (line.rows === undefined || Array.isArray(line.rows));
    return sound ? [{ ...line, ms: line.at - start }] : [];
  } catch {
    return [];
  }
}

function isEvent(event: unknown): boolean {
  const { fd, events } = (event ?? {}) as Partial<ReportedEvent>;
  return typeof fd === 'number' && typeof events === 'number';
}
