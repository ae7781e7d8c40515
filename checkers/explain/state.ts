/** Describes a program that was still running when its check failed: this shows a hang. */
import type { Evidence, ProcessState, Role, Symptom, TimelineEntry } from '../contract/check.ts';

/** Useless for wrong bytes, or for a program that has exited. */
const OF_WAITING: Symptom[] = [
  'not-listening',
  'client-refused',
  'client-not-accepted',
  'client-kept',
  'client-not-closed',
  'upstream-not-closed',
  'no-upstream-connection',
  'too-few-upstream-connections',
  'missing-bytes',
  'cut-short',
  'sockets-left',
  'busy',
  'no-connection',
  'connection-not-closed',
  'not-ended',
  'keeps-listening',
];

/** A program above this share is busy and does not wait. */
export const BUSY = 0.7;
/** How many processes are described. */
const MAX_PROCESSES = 3;

/**
 * What each process was doing, which connections were open, and the last bytes each way.
 *
 * @param role the kind of program: which peers it has
 * @returns sentences without a full stop; empty if there is nothing to tell
 */
export function stateLines(evidence: Evidence, role: Role): string[] {
  if (!OF_WAITING.includes(evidence.symptom) || evidence.state === undefined) return [];
  return [...processLines(evidence), ...connectionLines(evidence, role), ...lastBytes(evidence, role)];
}

function processLines({ state }: Evidence): string[] {
  const { busy, letter, processes = [] } = state ?? {};
  if (letter === 'T') return ['the program is stopped, as by Ctrl-Z'];
  if (busy !== undefined && busy > BUSY) {
    return [`the program is busy all the time (${Math.round(busy * 100)} % of a CPU)`];
  }
  const [only, ...others] = processes;
  if (only === undefined) return letter === undefined ? [] : ['the program is asleep'];
  if (others.length === 0) return [`the program ${doing(only)}`];
  const told = processes.slice(0, MAX_PROCESSES).map((one) => `${one.name} ${doing(one)}`);
  const more = processes.length - told.length;
  return [`${told.join('; ')}${more > 0 ? `; and ${more} more processes` : ''}`];
}

const SIDES: Record<string, string> = {
  client: ', a connection to a client',
  upstream: ', a connection to the upstream',
  server: ', its connection to the server',
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

/** The sides whose connections are counted, and their names. */
const COUNTED: Record<Role, [side: string, who: string][]> = {
  server: [['client', 'clients']],
  client: [['server', 'the server']],
  proxy: [
    ['client', 'clients'],
    ['upstream', 'the upstream'],
  ],
};

function connectionLines({ state, symptom }: Evidence, role: Role): string[] {
  const { connections, queue = 0 } = state ?? {};
  if (connections === undefined || symptom === 'not-listening') return [];
  const sides = COUNTED[role].map(([side, who]) => {
    const open = connections[`${side} side ESTABLISHED`] ?? 0;
    const ended = connections[`${side} side CLOSE_WAIT`] ?? 0;
    const note = ended === 0 ? '' : `, ${ended} of them ended by the other side and not yet closed by the program`;
    return `${open + ended} to ${who}${note}`;
  });
  const waiting = queue === 0 || role === 'client' ? '' : `; ${queue} more in its queue, not accepted yet`;
  return [`its connections: ${sides.join('; ')}${waiting}`];
}

/** A direction of bytes: their sender, and where they arrive. */
interface Way {
  bytes: string;
  from: RegExp;
  at: RegExp;
  arrived: string;
}

const TERMINAL = /^terminal/;
const CLIENT = /^client/;
const SERVER = /^server/;
const UPSTREAM = /^upstream/;

const WAYS: Record<Role, Way[]> = {
  server: [{ bytes: 'bytes', from: CLIENT, at: CLIENT, arrived: 'answer' }],
  client: [
    { bytes: 'bytes to the server', from: TERMINAL, at: SERVER, arrived: 'to arrive' },
    { bytes: 'bytes to the terminal', from: SERVER, at: TERMINAL, arrived: 'to be printed' },
  ],
  proxy: [
    { bytes: 'bytes to the upstream', from: CLIENT, at: UPSTREAM, arrived: 'to arrive' },
    { bytes: 'bytes to the client', from: UPSTREAM, at: CLIENT, arrived: 'to arrive' },
  ],
};

function lastBytes({ timeline, failedAt }: Evidence, role: Role): string[] {
  const before = timeline.filter(({ ms }) => ms <= failedAt);
  return WAYS[role].flatMap(({ bytes, from, at, arrived }) => {
    const sent = lastOf(before, 'sends', from);
    if (sent === undefined) return [];
    const received = lastOf(before, 'receives', at);
    const then = received === undefined ? 'nothing has come' : `the last ${arrived} came at ${moment(received)}`;
    return [`${bytes}: the last were sent at ${moment(sent)} by ${sent.who}; ${then}`];
  });
}

function lastOf(timeline: TimelineEntry[], what: TimelineEntry['what'], who: RegExp): TimelineEntry | undefined {
  return timeline.findLast((entry) => entry.what === what && who.test(entry.who));
}

function moment({ ms }: TimelineEntry): string {
  return `${Math.round(ms).toLocaleString('en-US')} ms`;
}
