/**
 * Traces every system call of this process when the harness requests it: one line of JSON per call, to the file named in
 * WORKSHOP_TRACE. Without that variable nothing here runs.
 */
import { openSync, writeSync } from 'node:fs';
import { findSourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import type { TraceLine } from './trace-line.ts';
import { type Place, Tracer } from './tracer.ts';

const path = process.env.WORKSHOP_TRACE;
const output = openOutput();

/** Whether calls are traced. */
export const tracing = output !== -1;

/** A failed write of the trace must not make a learner's program fail. */
function openOutput(): number {
  try {
    return path ? openSync(path, 'a') : -1;
  } catch {
    return -1;
  }
}

/** Whether the current calls are internal, not the learner's. */
let own = false;

/** Runs a function without tracing: a learner's program has not made these calls. */
export function untraced<T>(body: () => T): T {
  const before = own;
  own = true;
  try {
    return body();
  } finally {
    own = before;
  }
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const tracer = new Tracer({ pid: process.pid, now, callSite, crc32, write });

/**
 * Makes a call and traces it.
 *
 * @param call its name
 * @param args what the C function gets
 * @param make makes the call; returns its result
 * @param errorName tells the errno of a call that just returned -1
 */
export function traceCall(call: string, args: unknown[], make: () => number, errorName: () => string): number {
  return own ? make() : tracer.trace(call, args, make, errorName);
}

function write(line: TraceLine): void {
  try {
    writeSync(output, `${JSON.stringify(line)}\n`);
  } catch {
    // A full disk: only the explanation loses detail.
  }
}

const places = new Map<string, Place | undefined>();

/** The learner's line that made the call: the first one on the stack that is not in linux/. */
function callSite(): Place {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 10;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  for (const site of sites) {
    const place = placeOf(site);
    if (place !== undefined) return place;
  }
  return {};
}

function placeOf(site: NodeJS.CallSite): Place | undefined {
  const script = site.getFileName() ?? '';
  const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
  const key = `${script}:${line}:${column}`;
  if (!places.has(key)) places.set(key, lookUp(script, line, column, site.getFunctionName() ?? ''));
  return places.get(key);
}

function lookUp(script: string, line: number, column: number, fn: string): Place | undefined {
  const file = script.startsWith('file:') ? fileURLToPath(script) : script;
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  const mapped = entry && 'originalSource' in entry ? entry : undefined;
  const source = mapped === undefined ? file : absolute(mapped.originalSource, file);
  if (/[\\/]linux[\\/][\w-]+\.ts$/.test(source) || source.startsWith('node:')) return undefined;
  return { file: relative(process.cwd(), source), line: mapped ? mapped.originalLine + 1 : line, fn };
}

/** Source maps name their sources as URLs or relative to the script. */
function absolute(source: string, script: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source);
  return fileURLToPath(new URL(source, `file://${script}`));
}
