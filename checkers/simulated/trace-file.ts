/** In place of checkers/trace/trace-file.ts: a trace in memory. */

import type { TraceRecord } from '../contract/trace-record.ts';
import { withOwners } from '../trace/event-owners.ts';
import { type KnownPorts, ofTheCheck } from '../trace/trace-sockets.ts';
import { world } from './world.ts';

/** See trace/trace-file.ts: the lines are already those of one clock. */
export function readTrace(path: string, start: number, ports: KnownPorts): TraceRecord[] {
  const lines = world().traces.get(path) ?? [];
  const records = ofTheCheck(withOwners(lines.map((line) => ({ ...line, ms: line.at - start }))), ports);
  if (records.length <= 2 * HALF_LINES) return records;
  return [...records.slice(0, HALF_LINES), ...records.slice(-HALF_LINES)];
}

const HALF_LINES = 10_000;
