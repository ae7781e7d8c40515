/** poll() and select() in strace's form: their watched and reported descriptors, and their timeouts. */
import { EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from '../../linux/constants.ts';
import type { ReportedEvent } from '../contract/trace-record.ts';

/** The arguments of such a call, without parts that strace has not written, or has cut short. */
export interface Poll {
  /** the watched descriptors and their events */
  watched?: ReportedEvent[];
  /** the reported descriptors; none after a failure or a timeout */
  events: ReportedEvent[];
  /** in ms; -1: no limit */
  timeout?: number;
}

/** poll.h gives these the same numbers as epoll. */
const EVENTS: Record<string, number> = {
  POLLIN: EPOLLIN,
  POLLOUT: EPOLLOUT,
  POLLERR: EPOLLERR,
  POLLHUP: EPOLLHUP,
  POLLRDHUP: EPOLLRDHUP,
  POLLRDNORM: EPOLLIN,
  POLLWRNORM: EPOLLOUT,
};

/**
 * @param call 'poll' or 'select'
 * @param args the text between its parentheses, as far as strace has written it
 * @param outcome the text after its result: '([{fd=3, revents=POLLIN}])' or '(in [3])'
 */
export function pollOf(call: 'poll' | 'select', args: string, outcome = ''): Poll {
  return call === 'poll' ? polled(args, outcome) : selected(args, outcome);
}

/** '[{fd=3, events=POLLIN}], 1, -1'; ppoll has '{tv_sec=1, tv_nsec=0}' or NULL instead of -1. */
function polled(args: string, outcome: string): Poll {
  const end = args.lastIndexOf('], ');
  const limit = timeoutOf(/^\d+, (-?\d+|NULL|\{[^}]*\})/.exec(end === -1 ? '' : args.slice(end + 3))?.[1]);
  return {
    // strace writes only the first 32 descriptors.
    ...(end !== -1 && !args.includes('...') && { watched: listed(args, 'events') }),
    events: listed(outcome, 'revents'),
    ...(limit !== undefined && { timeout: limit }),
  };
}

function listed(text: string, name: 'events' | 'revents'): ReportedEvent[] {
  const entry = name === 'events' ? /\{fd=(\d+), events=([A-Z|0-9]+)/g : /\{fd=(\d+), revents=([A-Z|0-9]+)/g;
  return [...text.matchAll(entry)].map(([, fd, names = '']) => ({ fd: Number(fd), events: maskOf(names) }));
}

function maskOf(names: string): number {
  return names.split('|').reduce((mask, name) => mask | (EVENTS[name] ?? 0), 0);
}

/** '6, [3 5], [4], NULL, {tv_sec=0, tv_usec=100000}': readable, writable, exceptional; pselect6 has one more argument. */
function selected(args: string, outcome: string): Poll {
  const match = /^\d+, (NULL|\[[\d ]*\]), (NULL|\[[\d ]*\]), (NULL|\[[\d ]*\]), (NULL|\{[^}]*\})/.exec(args);
  const limit = timeoutOf(match?.[4]);
  const [, readable, writable] = match ?? [];
  return {
    ...(match && { watched: sets(readable, writable) }),
    events: sets(/\bin (\[[\d ]*\])/.exec(outcome)?.[1], /\bout (\[[\d ]*\])/.exec(outcome)?.[1]),
    ...(limit !== undefined && { timeout: limit }),
  };
}

/** A descriptor may be in both sets. */
function sets(readable = '', writable = ''): ReportedEvent[] {
  const masks = new Map<number, number>();
  for (const [set, event] of [[readable, EPOLLIN] as const, [writable, EPOLLOUT] as const])
    for (const [fd] of set.matchAll(/\d+/g)) masks.set(Number(fd), (masks.get(Number(fd)) ?? 0) | event);
  return [...masks].map(([fd, events]) => ({ fd, events }));
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'NULL') return -1;
  if (!text.startsWith('{')) return Math.max(-1, Number(text));
  const [, seconds, unit, fraction] = /tv_sec=(\d+), tv_(u|n)sec=(\d+)/.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000 + Number(fraction) / (unit === 'u' ? 1000 : 1e6);
}
