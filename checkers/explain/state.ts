/** What a program that still ran when its check failed was doing, in sentences: a hang shows itself here. */
import type { Evidence, ProcessState, Symptom, TimelineEntry } from '../check.ts';

/** Of a failure by wrong bytes, or of a program that has ended, this would tell nothing. */
const OF_WAITING: Symptom[] = [
  'not-listening',
  'client-refused',
  'client-kept',
  'client-not-closed',
  'upstream-not-closed',
  'no-upstream-connection',
  'too-few-upstream-connections',
  'missing-bytes',
  'cut-short',
  'sockets-left',
  'busy',
];

/** From this share on a program is busy and does not wait. */
export const BUSY = 0.7;
/** So many processes are told of. */
const MOST_PROCESSES = 3;

/**
 * What each process was doing, which connections were open, and the last bytes each way.
 *
 * @returns sentences without a full stop; none where there is nothing to tell
 */
export function stateLines(evidence: Evidence): string[] {
  if (!OF_WAITING.includes(evidence.symptom) || evidence.state === undefined) return [];
  return [...processLines(evidence), ...connectionLines(evidence), ...lastBytes(evidence)];
}

function processLines({ state }: Evidence): string[] {
  const { busy, letter, processes = [] } = state ?? {};
  if (letter === 'T') return ['the program is stopped, as by Ctrl-Z'];
  if (busy !== undefined && busy > BUSY) {
    return [`the program is busy all the time (${Math.round(busy * 100)} % of a processor)`];
  }
  const [only, ...others] = processes;
  if (only === undefined) return letter === undefined ? [] : ['the program is asleep'];
  if (others.length === 0) return [`the program ${doing(only)}`];
  const told = processes.slice(0, MOST_PROCESSES).map((one) => `${one.name} ${doing(one)}`);
  const more = processes.length - told.length;
  return [`${told.join('; ')}${more > 0 ? `; and ${more} more processes` : ''}`];
}

const SIDES: Record<string, string> = {
  client: ', a connection to a client',
  upstream: ', a connection to the upstream',
  listener: ', the listening socket',
};

const WAITS_FOR: Record<string, string> = {
  epoll_wait: 'until something happens on the descriptors that it watches',
  poll: 'until something happens on the descriptors that it watches',
  select: 'until something happens on the descriptors that it watches',
  nanosleep: 'until some time has passed',
  futex: 'for another thread',
  accept: 'until a client comes',
  connect: 'until the handshake is over',
  recv: 'until bytes come',
  read: 'until bytes come',
  send: 'until the other end takes more',
  write: 'until the other end takes more',
};

function doing({ call, fd, leadsTo }: ProcessState): string {
  if (call === undefined) return 'runs';
  const on = fd === undefined ? '' : ` on descriptor ${fd}${SIDES[leadsTo ?? ''] ?? ''}`;
  const comma = SIDES[leadsTo ?? ''] ? ',' : '';
  return `waits in ${call}()${on}${comma} ${WAITS_FOR[call] ?? ''}`.trimEnd();
}

function connectionLines({ state, symptom }: Evidence): string[] {
  const { connections, queue = 0 } = state ?? {};
  if (connections === undefined || symptom === 'not-listening') return [];
  const sides = (['client', 'upstream'] as const).map((side) => {
    const open = connections[`${side} side ESTABLISHED`] ?? 0;
    const ended = connections[`${side} side CLOSE_WAIT`] ?? 0;
    const who = side === 'client' ? 'clients' : 'the upstream';
    const note = ended === 0 ? '' : `, ${ended} of them ended by the other side and not yet closed by the program`;
    return `${open + ended} to ${who}${note}`;
  });
  const waiting = queue === 0 ? '' : `; ${queue} more in its queue, not accepted yet`;
  return [`its connections: ${sides.join('; ')}${waiting}`];
}

/** Each way from one end to the other: who sends, who receives. */
const WAYS = [
  { to: 'the upstream', from: /^client/, at: /^upstream/ },
  { to: 'the client', from: /^upstream/, at: /^client/ },
] as const;

function lastBytes({ timeline, failedAt }: Evidence): string[] {
  const before = timeline.filter(({ ms }) => ms <= failedAt);
  return WAYS.flatMap(({ to, from, at }) => {
    const sent = lastOf(before, 'sends', from);
    if (sent === undefined) return [];
    const received = lastOf(before, 'receives', at);
    const arrived = received === undefined ? 'none has arrived' : `the last to arrive came at ${moment(received)}`;
    return [`bytes to ${to}: the last were sent at ${moment(sent)} by ${sent.who}; ${arrived}`];
  });
}

function lastOf(timeline: TimelineEntry[], what: TimelineEntry['what'], who: RegExp): TimelineEntry | undefined {
  return timeline.findLast((entry) => entry.what === what && who.test(entry.who));
}

function moment({ ms }: TimelineEntry): string {
  return `${Math.round(ms).toLocaleString('en-US')} ms`;
}
