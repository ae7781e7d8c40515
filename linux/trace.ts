/**
 * Traces every system call of this process when the harness requests it: one line of JSON per call, to the file named in
 * WORKSHOP_TRACE. Without that variable nothing here runs.
 */
import { openSync, writeSync } from 'node:fs';
import { findSourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { describeCall } from './describe.ts';
import type { TraceLine } from './trace-line.ts';

const path = process.env.WORKSHOP_TRACE;
const output = openOutput();

/** Whether calls are traced. */
export const tracing = output !== -1;

/** Calls that may block: their beginning is traced too, so that a hang is visible. */
const MAY_WAIT = new Set(['accept', 'connect', 'recv', 'send', 'read', 'write', 'splice', 'epoll_wait']);
/** Calls that receive bytes, and calls that send them. */
const MOVES_IN = new Set(['recv', 'read']);
const MOVES_OUT = new Set(['send', 'write']);
/** Number of lines in full; after that, similar calls are counted, until the program rests. */
const FULL_LINES = 15_000;
/** A program that blocks this long in one call is not spinning, in ms. A proxy with a browser as its client rests often. */
const REST_MS = 1000;
/** Lines per window for similar calls; the others are counted. */
const LINES_A_WINDOW = 4;
const WINDOW_MS = 100;
const HEAD_BYTES = 32;

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

let lines = 0;
let windowStart = 0;
let shapes = new Map<string, { seen: number; last: TraceLine }>();
let lastRows = '';

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Makes a call and traces it.
 *
 * @param call its name
 * @param args what the C function gets
 * @param make makes the call; returns its result
 * @param errorName tells the errno of a call that just returned -1
 */
export function traceCall(call: string, args: unknown[], make: () => number, errorName: () => string): number {
  if (own) return make();
  const line: TraceLine = { at: now(), pid: process.pid, call, ...describeCall(call, args), ...callSite() };
  if (call === 'send') Object.assign(line, compareWithReceived(args));
  if (MAY_WAIT.has(call) && lines < FULL_LINES) write(line);
  const result = make();
  line.took = now() - line.at;
  line.result = result;
  if (line.took > REST_MS) rest(line.at);
  if (result === -1) line.errno = errorName();
  addBytes(line, call, args, result);
  addRows(line);
  if (lines < FULL_LINES) write(line);
  else writeSparsely(line);
  return result;
}

/** The moved bytes and epoll's events: both are in the buffers after the call. */
function addBytes(line: TraceLine, call: string, args: unknown[], result: number): void {
  const buffer = args[1];
  if (call === 'epoll_wait') {
    const after = describeCall('epoll_wait.events', [buffer, result]);
    line.events = after.events ?? [];
  }
  // After the call, the pipe's two descriptors are in the first argument.
  if (call === 'pipe2' && result === 0 && args[0] instanceof Buffer) {
    Object.assign(line.args, { out: args[0].readInt32LE(0), into: args[0].readInt32LE(4) });
  }
  if (!(MOVES_IN.has(call) || MOVES_OUT.has(call)) || !(buffer instanceof Uint8Array)) return;
  // For a failed send(), the offered bytes: the program should offer them again.
  const length = MOVES_OUT.has(call) && result === -1 ? Number(args[2]) : result;
  if (length <= 0) return;
  const moved = Buffer.from(buffer.buffer, buffer.byteOffset, length);
  line.head = moved.toString('hex', 0, HEAD_BYTES);
  line.crc = crc32(moved);
  if (MOVES_IN.has(call)) received = Buffer.from(moved);
}

/** A copy of the bytes of the last recv() or read(). */
let received = Buffer.alloc(0);
/** Length of the prefix to search for; more would not make it safer. */
const SOUGHT_BYTES = 24;

/** Compares the sent bytes with the last received ones: all, a part, or others. */
function compareWithReceived([, buffer, length]: unknown[]): Pick<TraceLine, 'offset' | 'beyond' | 'leftOut'> {
  if (!(buffer instanceof Buffer) || typeof length !== 'number' || length <= 0 || received.length === 0) return {};
  const offered = buffer.subarray(0, length);
  if (offered.length > received.length && offered.subarray(0, received.length).equals(received)) {
    return { offset: 0, beyond: true };
  }
  const offset = received.indexOf(offered.subarray(0, SOUGHT_BYTES));
  const same = offset !== -1 && received.subarray(offset, offset + offered.length).equals(offered);
  if (!same) return { offset: -1 };
  const next = received[offset + offered.length];
  return { offset, ...(next !== undefined && { leftOut: next.toString(16).padStart(2, '0') }) };
}

/** The harness's build leaves a look at the learner's route table behind. */
function addRows(line: TraceLine): void {
  const look = (globalThis as { workshopRows?: () => unknown }).workshopRows;
  const rows = look?.();
  if (!Array.isArray(rows)) return;
  const text = JSON.stringify(rows.slice(0, 256));
  if (text === lastRows) return;
  lastRows = text;
  line.rows = JSON.parse(text);
}

function write(line: TraceLine): void {
  lines += 1;
  try {
    writeSync(output, `${JSON.stringify(line)}\n`);
  } catch {
    // A full disk: only the explanation loses detail.
  }
}

/** A spinning program makes thousands of equal calls: a few of them and a count are enough. */
function writeSparsely(line: TraceLine): void {
  if (line.at - windowStart > WINDOW_MS) flushWindow(line.at);
  const key = `${line.call} ${line.fd} ${line.line} ${line.result} ${line.errno}`;
  const shape = shapes.get(key);
  if (shape === undefined) shapes.set(key, { seen: 1, last: line });
  else {
    shape.seen += 1;
    shape.last = line;
    if (shape.seen > LINES_A_WINDOW) return;
  }
  write(line);
}

function flushWindow(at: number): void {
  for (const { seen, last } of shapes.values()) {
    if (seen > LINES_A_WINDOW) write({ ...last, repeats: seen - LINES_A_WINDOW });
  }
  shapes = new Map();
  windowStart = at;
}

/** The program rested: flush the counts, and trace in full again. */
function rest(at: number): void {
  flushWindow(at);
  lines = 0;
}

type Place = Pick<TraceLine, 'file' | 'line' | 'fn'>;
const places = new Map<string, Place | undefined>();

/** The learner's line that made the call: the first one on the stack that is not in linux/. */
function callSite(): Place {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 8;
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
