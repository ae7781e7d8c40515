/**
 * The validated input of a replay: system calls that the program itself traced, and events seen from outside. A learner's
 * program can write anything into its trace, so this limits every field to its type and length.
 */

/** A place in the learner's program. */
export interface Place {
  file: string;
  line: number;
  fn: string;
}

/** One line of a trace. */
export interface Call {
  /** ms since the beginning */
  ms: number;
  /** absent: it has begun and not returned */
  took?: number;
  call: string;
  fd: number;
  args: Record<string, number | string>;
  result?: number;
  errno?: string;
  /** the first bytes that moved, in hexadecimal */
  head?: string;
  /** the events of epoll_wait */
  events?: { fd: number; events: number }[];
  place?: Place;
  /** the route table, whenever it has changed */
  rows?: number[][];
  /** how many more calls like it this line stands for */
  repeats?: number;
}

export const HAPPENINGS = [
  'starts',
  'listens',
  'exits',
  'connects',
  'accepts',
  'sends',
  'receives',
  'fin',
  'rst',
  'finishes',
  'closes',
  'resets',
] as const;

/** An event seen from outside. */
export interface Outside {
  ms: number;
  /** 'client 1', 'upstream 2', 'server 1', 'terminal', 'program' */
  who: string;
  what: (typeof HAPPENINGS)[number];
  bytes?: number;
}

const LONGEST_TEXT = 300;
const MAX_ARGUMENTS = 8;
const MAX_ROWS = 64;
/** In ms; more than a day. */
const LONGEST_TIME = 1e8;

/** strace's other names for the same call. */
const NAMES: Record<string, string> = {
  accept4: 'accept',
  recvfrom: 'recv',
  sendto: 'send',
  epoll_pwait: 'epoll_wait',
  epoll_create: 'epoll_create1',
};

/** Text without control characters and bidirectional marks, which could disturb a page. */
export function cleanText(text: string, longest = LONGEST_TEXT): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  const strange = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
  return text.slice(0, longest).replace(strange, '\ufffd');
}

/** A line of a trace; undefined if it is invalid. */
export function cleanCall(raw: unknown): Call | undefined {
  if (!isRecord(raw)) return undefined;
  const ms = number(raw.ms, LONGEST_TIME);
  const name = typeof raw.call === 'string' && /^\w{1,32}$/.test(raw.call) ? raw.call : undefined;
  const fd = number(raw.fd);
  if (ms === undefined || name === undefined || fd === undefined) return undefined;
  const took = number(raw.took, LONGEST_TIME);
  const result = number(raw.result, Number.MAX_SAFE_INTEGER);
  return dropUndefined({
    ms,
    // Half a result is none.
    took: result === undefined ? undefined : Math.max(0, took ?? 0),
    call: Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name,
    fd,
    args: cleanArguments(raw.args),
    result,
    errno: typeof raw.errno === 'string' && /^[A-Z0-9]{1,24}$/.test(raw.errno) ? raw.errno : undefined,
    head: typeof raw.head === 'string' && /^([0-9a-f]{2}){1,32}$/.test(raw.head) ? raw.head : undefined,
    events: cleanEvents(raw.events),
    place: cleanPlace(raw),
    rows: cleanRows(raw.rows),
    repeats: positive(raw.repeats),
  });
}

/** An entry of a timeline; undefined if it is invalid. */
export function cleanOutside(raw: unknown): Outside | undefined {
  if (!isRecord(raw)) return undefined;
  const ms = number(raw.ms, LONGEST_TIME);
  const what = HAPPENINGS.find((happening) => happening === raw.what);
  if (ms === undefined || what === undefined || typeof raw.who !== 'string') return undefined;
  return dropUndefined({ ms, who: cleanText(raw.who, 40), what, bytes: positive(raw.bytes) });
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null;
}

function number(raw: unknown, most = 2 ** 32): number | undefined {
  return typeof raw === 'number' && Math.abs(raw) <= most ? raw : undefined;
}

function positive(raw: unknown): number | undefined {
  const value = number(raw, Number.MAX_SAFE_INTEGER);
  return value !== undefined && value > 0 ? value : undefined;
}

function cleanArguments(raw: unknown): Record<string, number | string> {
  if (!isRecord(raw)) return {};
  const entries = Object.entries(raw).slice(0, MAX_ARGUMENTS);
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, number | string][] => {
      if (!/^[a-z]\w{0,31}$/.test(name)) return [];
      if (typeof value === 'string') return [[name, cleanText(value, 64)]];
      const known = number(value);
      return known === undefined ? [] : [[name, known]];
    }),
  );
}

function cleanEvents(raw: unknown): Call['events'] {
  if (!Array.isArray(raw)) return undefined;
  return raw.slice(0, MAX_ROWS).flatMap((event: unknown) => {
    if (!isRecord(event)) return [];
    const [fd, events] = [number(event.fd), number(event.events)];
    return fd === undefined || events === undefined ? [] : [{ fd, events }];
  });
}

function cleanPlace(raw: Record<string, unknown>): Place | undefined {
  const line = positive(raw.line);
  if (typeof raw.file !== 'string' || line === undefined) return undefined;
  return { file: cleanText(raw.file), line, fn: typeof raw.fn === 'string' ? cleanText(raw.fn, 80) : '' };
}

/** The lesson uses pairs; objects with two numbers are accepted, too. */
function cleanRows(raw: unknown): number[][] | undefined {
  if (!Array.isArray(raw)) return undefined;
  return raw.slice(0, MAX_ROWS).map((row: unknown) => {
    const values = isRecord(row) ? Object.values(row) : [row];
    return values.flatMap((value) => number(value) ?? []).slice(0, 4);
  });
}

/** The same object without undefined fields, which would only make the page larger. */
export function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
