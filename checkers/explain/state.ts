/** Describes a program that was still running when its check failed: this shows a hang. */
import type { Evidence, ProcessState, Role, Symptom, TimelineEntry } from '../contract/check.ts';
import { text } from '../messages/index.ts';

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
const MOST_PROCESSES = 3;

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
  if (letter === 'T') return [text.state.programStoppedAsBy];
  if (busy !== undefined && busy > BUSY) {
    return [text.state.programBusyAllTime(Math.round(busy * 100))];
  }
  const [only, ...others] = processes;
  if (only === undefined) return letter === undefined ? [] : [text.state.programAsleep];
  if (others.length === 0) return [text.state.theProgram(doing(only))];
  const told = processes.slice(0, MOST_PROCESSES).map((one) => `${one.name} ${doing(one)}`);
  const more = processes.length - told.length;
  return [`${told.join('; ')}${more > 0 ? text.state.moreProcesses(more) : ''}`];
}

const SIDES: Record<string, string> = {
  client: text.state.connectionClient,
  upstream: text.state.connectionUpstream,
  server: text.state.connectionServer,
  listener: text.state.listeningSocket,
};

const WAITS_FOR: Record<string, string> = {
  epoll_wait: text.state.untilSomethingHappensDescriptors,
  poll: text.state.untilSomethingHappensDescriptors,
  select: text.state.untilSomethingHappensDescriptors,
  nanosleep: text.state.untilSomeTimePassed,
  futex: text.state.forAnotherThread,
  accept: text.state.untilClientComes,
  connect: text.state.untilHandshakeOver,
  recv: text.state.untilBytesCome,
  read: text.state.untilBytesCome,
  send: text.state.untilOtherEndTakes,
  write: text.state.untilOtherEndTakes,
};

function doing({ call, fd, leadsTo }: ProcessState): string {
  if (call === undefined) return text.state.runs;
  const on = fd === undefined ? '' : text.state.onDescriptor(fd, SIDES[leadsTo ?? ''] ?? '');
  const comma = SIDES[leadsTo ?? ''] ? ',' : '';
  return text.state.waitsIn(call, on, comma, WAITS_FOR[call] ?? '').trimEnd();
}

/** The sides whose connections are counted, and their names. */
const COUNTED: Record<Role, [side: string, who: string][]> = {
  server: [['client', text.state.clients]],
  client: [['server', text.state.theServer]],
  proxy: [
    ['client', text.state.clients],
    ['upstream', text.state.theUpstream],
  ],
};

function connectionLines({ state, symptom }: Evidence, role: Role): string[] {
  const { connections, queue = 0 } = state ?? {};
  if (connections === undefined || symptom === 'not-listening') return [];
  const sides = COUNTED[role].map(([side, who]) => {
    const open = connections[`${side} side ESTABLISHED`] ?? 0;
    const ended = connections[`${side} side CLOSE_WAIT`] ?? 0;
    const note = ended === 0 ? '' : text.state.endedNotClosed(ended);
    return text.state.openTo(open + ended, who, note);
  });
  const waiting = queue === 0 || role === 'client' ? '' : text.state.moreInQueue(queue);
  return [text.state.itsConnections(sides.join('; '), waiting)];
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
  server: [{ bytes: text.state.bytes, from: CLIENT, at: CLIENT, arrived: text.state.answer }],
  client: [
    { bytes: text.state.bytesServer, from: TERMINAL, at: SERVER, arrived: text.state.toArrive },
    { bytes: text.state.bytesTerminal, from: SERVER, at: TERMINAL, arrived: text.state.toBePrinted },
  ],
  proxy: [
    { bytes: text.state.bytesUpstream, from: CLIENT, at: UPSTREAM, arrived: text.state.toArrive },
    { bytes: text.state.bytesClient, from: UPSTREAM, at: CLIENT, arrived: text.state.toArrive },
  ],
};

function lastBytes({ timeline, failedAt }: Evidence, role: Role): string[] {
  const before = timeline.filter(({ ms }) => ms <= failedAt);
  return WAYS[role].flatMap(({ bytes, from, at, arrived }) => {
    const sent = lastOf(before, 'sends', from);
    if (sent === undefined) return [];
    const received = lastOf(before, 'receives', at);
    const then = received === undefined ? text.state.nothingHasCome : text.state.lastCameAt(arrived, moment(received));
    return [text.state.lastWereSentAt(bytes, moment(sent), sent.who, then)];
  });
}

function lastOf(timeline: TimelineEntry[], what: TimelineEntry['what'], who: RegExp): TimelineEntry | undefined {
  return timeline.findLast((entry) => entry.what === what && who.test(entry.who));
}

function moment({ ms }: TimelineEntry): string {
  return text.state.milliseconds(Math.round(ms).toLocaleString('en-US'));
}
