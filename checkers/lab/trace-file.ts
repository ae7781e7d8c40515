/** Reading the trace of a learner's program. It may hold anything: whoever runs there can write to it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { TraceLine } from '../../linux/trace.ts';
import { parseStrace } from './strace.ts';

/** A line of the trace, with its time in ms since the check began. */
export type TraceRecord = TraceLine & { ms: number };

/** A trace whose name ends so is written by strace. */
export const STRACE_ENDING = '.strace';

/** strace goes by the wall clock. */
function realtimeToMonotonic(seconds: number): number {
  return seconds * 1000 - Date.now() + Number(process.hrtime.bigint()) / 1e6;
}

/** More than this is not read: the beginning and the end tell what there is to tell. */
const HALF_BYTES = 8 * 1024 * 1024;

/**
 * Reads a trace.
 *
 * @param path of the file that the program wrote
 * @param start CLOCK_MONOTONIC in ms when the check began
 * @returns its lines in order, without those that make no sense; empty when there is no such file
 */
export function readTrace(path: string, start: number): TraceRecord[] {
  if (path.endsWith(STRACE_ENDING))
    return parseStrace(readEnds(path), (seconds) => realtimeToMonotonic(seconds) - start);
  return readEnds(path)
    .split('\n')
    .flatMap((text) => parseLine(text, start));
}

function readEnds(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    if (size <= 2 * HALF_BYTES) return readPart(file, 0, size);
    return `${readPart(file, 0, HALF_BYTES)}\n${readPart(file, size - HALF_BYTES, HALF_BYTES)}`;
  } finally {
    closeSync(file);
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
      (line.events === undefined || Array.isArray(line.events)) &&
      (line.rows === undefined || Array.isArray(line.rows));
    return sound ? [{ ...line, ms: line.at - start }] : [];
  } catch {
    return [];
  }
}
