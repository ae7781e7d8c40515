/**
 * What no check can see from outside, and a passed program's own trace proves. Black-box, it is no mistake: it never costs
 * a point. Each rule says nothing unless it is certain.
 */

import type { TraceRecord } from '../contract/trace-record.ts';
import type { Call } from './call.ts';
import { type History, historyOf, lifeAt, where } from './history.ts';
import { isWait } from './waits.ts';

/** More lines than this would take away from the success. */
const MAX_LINES = 2;
/** A row that waits for the next event to be removed is no row that stays for ever. */
const MANY_ROWS = 2;

const GONE = ['EPIPE', 'ECONNRESET'];

/** What a rule may look at. */
interface Seen {
  history: History;
  /** the program as it was started: one file, without comments */
  source: string;
}

type Look = (seen: Seen) => string | undefined;

/** accept() failed, and a later call got its -1. */
const acceptUnchecked: Look = ({ history }) => {
  for (const accept of history.calls) {
    if (accept.call !== 'accept' || accept.result !== -1) continue;
    const next = history.calls[accept.index + 1];
    if (next === undefined || next.fd !== -1 || next.errno !== 'EBADF') continue;
    return `accept() failed with ${accept.errno}, and its -1 went to ${next.call}()${place(next)}`;
  }
  return undefined;
};

/** send() failed for good, and the program waited for the next event with both sockets of the pair still open. */
const sendUnchecked: Look = ({ history }) => {
  for (const send of history.calls) {
    if (send.call !== 'send' || !GONE.includes(send.errno ?? '') || send.index >= history.whole) continue;
    const life = lifeAt(history, send.fd, send);
    const wait = history.calls.find(({ call, index }) => isWait(call) && index > send.index);
    if (life?.partner === undefined || wait === undefined || wait.index >= history.whole) continue;
    const fds = [life.fd, life.partner.fd];
    const between = history.calls.slice(send.index + 1, wait.index);
    // A program that has changed what it waits for has taken note of the failure.
    if (between.some(({ call, fd }) => fds.includes(fd) && ['close', 'shutdown', 'epoll_ctl'].includes(call))) continue;
    if (life.closed !== undefined && life.closed.index < wait.index) continue;
    return `send(${send.fd}) failed with ${send.errno}${place(send)}, and the program waited for the next event without closing the pair`;
  }
  return undefined;
};

/** Pairs have ended, and the route table still has the row of each of them. */
const rowsStay: Look = ({ history }) => {
  const table = history.calls.at(-1)?.table ?? [];
  const pairs = history.lives.flatMap((life) =>
    life.kind === 'client' && life.partner !== undefined ? [{ client: life, upstream: life.partner }] : [],
  );
  const ended = pairs.filter(({ client, upstream }) => client.closed && upstream.closed);
  const open = pairs.length - ended.length;
  const has = (one: number, other: number): boolean =>
    table.some((row) => Array.isArray(row) && row[0] === one && row[1] === other);
  if (ended.length < MANY_ROWS || table.length < pairs.length) return undefined;
  if (!ended.every(({ client, upstream }) => has(client.fd, upstream.fd))) return undefined;
  return `closePair leaves rows of ended pairs in routeTable (${table.length} ${table.length === 1 ? 'row' : 'rows'} at the end, ${open} open ${open === 1 ? 'pair' : 'pairs'})`;
};

/** A limit that the skeleton declares, and no line reads. */
const limitUnused: Look = ({ source }) => {
  const code = source.replace(/^export \{[^}]*\};?$/gm, '');
  const declared = /^(?:var|let|const) MAX_SOCKS = /m.test(code);
  return declared && code.match(/\bMAX_SOCKS\b/g)?.length === 1
    ? 'no line uses MAX_SOCKS, so it does not limit the number of clients'
    : undefined;
};

function place(call: Call): string {
  const at = where(call);
  return at === '' ? '' : ` (${at})`;
}

/** In the order of what they cost a proxy that runs for long. */
const looks: Look[] = [rowsStay, acceptUnchecked, sendUnchecked, limitUnused];

/**
 * What is worth a look in a program that has passed.
 *
 * @param trace the program's own system calls in one of the checks
 * @param source the program as it was started, bundled
 * @returns at most two sentences without a full stop; none where nothing is certain
 */
export function worthALook(trace: TraceRecord[], source: string): string[] {
  const found = looks.map((look) => attempt(() => look({ history: historyOf(trace), source })));
  return found.filter((line) => line !== undefined).slice(0, MAX_LINES);
}

/** A learner's program can write anything into its trace: a rule that stumbles over it knows nothing. */
function attempt(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
