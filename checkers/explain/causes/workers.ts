/** Causes of failures of processes that share a port. A trace holds the calls of all of them. */

import type { TraceRecord } from '../../contract/trace-record.ts';
import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Facts, type Rule, shows } from '../cause.ts';
import { type History, historyOf, told } from '../history.ts';
import { isWait } from '../waits.ts';

/** One process of the program. */
interface Part {
  pid: number;
  history: History;
  listener: Life | undefined;
  /** clients that are still connected */
  open: Life[];
}

/** The calls of the program that was started last: an earlier, killed one shares no port with it. */
function ofLastStart({ timeline, trace }: Facts['evidence']): TraceRecord[] {
  const start = timeline.findLast(({ who, what }) => who === 'program' && what === 'starts')?.ms ?? 0;
  return trace.filter(({ ms }) => ms >= start);
}

/** All processes of the program that was started last, the first one first. */
function partsOf({ evidence }: Facts): Part[] {
  const own = ofLastStart(evidence);
  return [...new Set(own.map(({ pid }) => pid))].map((pid) => {
    const history = historyOf(own.filter((record) => record.pid === pid));
    const listener = history.lives.find(({ kind }) => kind === 'listener');
    const open = history.lives.filter(({ kind, closed }) => kind === 'client' && closed === undefined);
    return { pid, history, listener, open };
  });
}

/** Whether two processes have bound the same port: then they need to share nothing else. */
function sharesAPort(own: TraceRecord[]): boolean {
  const bound = own.filter(({ call, result }) => call === 'bind' && result === 0);
  return bound.some(({ pid, args }) => bound.some((other) => other.pid !== pid && other.args.port === args.port));
}

const portNotShared: Rule = ({ evidence }) => {
  const own = ofLastStart(evidence);
  const failed = own.find(({ call, errno }) => call === 'bind' && errno === 'EADDRINUSE');
  const bound = own.some(({ call, pid, result, args }) => {
    return call === 'bind' && result === 0 && args.port === failed?.args.port && pid !== failed?.pid;
  });
  if (failed === undefined || !bound || sharesAPort(own)) return undefined;
  return {
    id: 'port-not-shared',
    text: `another process of the proxy could not bind to port ${failed.args.port}: each of them, the first one too, has to set SO_REUSEPORT before bind()`,
    proof: [told(failed as Call)],
    functions: ['sharePort'],
  };
};

const doorUnwatched: Rule = (facts) => {
  const parts = partsOf(facts);
  for (const { pid, listener } of parts.slice(1)) {
    if (listener === undefined || listener.calls.some(({ call }) => call === 'epoll_ctl')) continue;
    return {
      id: 'door-unwatched',
      text: `the process ${pid} listens, but its listening socket (${listener.fd}) was never attached to its loop: the kernel gives it clients that it never accepts`,
      proof: [told(listener.opened)],
      functions: ['startWorker'],
    };
  }
  return undefined;
};

/** The last event of a process was the exit of another one. */
const leftWithWorker: Rule = (facts) => {
  const [first] = partsOf(facts);
  const wait = first?.history.calls.findLast(({ call }) => isWait(call));
  const ends = first?.history.calls.filter(({ call }) => call === 'pipe2').map(({ args }) => Number(args.out)) ?? [];
  const heard = wait?.events?.find(({ fd }) => ends.includes(fd));
  if (!shows(facts, 'stopped') || facts.evidence.exit === undefined || wait === undefined || !heard) return undefined;
  if (facts.evidence.exit.code === 0) return undefined;
  return {
    id: 'left-with-worker',
    text: `descriptor ${heard.fd} told the program that a process it had started has ended, and the program then ended too`,
    proof: [told(wait)],
    call: wait,
    functions: ['workerEnded'],
  };
};

const workerLeftTooEarly: Rule = (facts) => {
  for (const { pid, history, open } of partsOf(facts).slice(1)) {
    const heard = history.calls.findLast(({ events }) => events?.some(({ fd }) => fd === 0));
    const after = history.calls.slice((heard?.index ?? 0) + 1);
    if (heard === undefined || open.length === 0 || history.unfinished || after.some(({ call }) => isWait(call)))
      continue;
    return {
      id: 'worker-left-too-early',
      text: `the process ${pid} saw the first one end, and ended although ${open.length === 1 ? 'a client was' : `${open.length} clients were`} still connected to it`,
      proof: [told(heard)],
      functions: ['leaderEnded'],
    };
  }
  return undefined;
};

const firstDidNotWait: Rule = (facts) => {
  const [first, ...others] = partsOf(facts);
  const open = others.reduce((sum, part) => sum + part.open.length, 0);
  if (facts.evidence.exit?.code !== 0 || first === undefined || first.open.length > 0 || open === 0) return undefined;
  const last = first.history.calls.at(-1);
  return {
    id: 'first-did-not-wait',
    text: `the first process ended while another one still had ${open === 1 ? 'a client' : `${open} clients`}: a supervisor waits for the first process only, and then ends the others`,
    proof: last ? [told(last)] : [],
    functions: ['tellWorkers', 'workerEnded'],
  };
};

const doorInherited: Rule = (facts) => {
  const parts = partsOf(facts);
  const [first] = parts;
  const pipe = first?.history.calls.find(({ call }) => call === 'pipe2');
  if (!shows(facts, 'keeps-listening') || parts.length < 2 || !first?.listener || pipe === undefined) return undefined;
  if (first.listener.opened.index > pipe.index || parts.some(({ listener }) => listener && !listener.closed))
    return undefined;
  return {
    id: 'door-inherited',
    text: `the listening socket (${first.listener.fd}) was open before the other process started, so that process has a copy of it: the kernel accepts connections until both are closed`,
    proof: [told(first.listener.opened), told(pipe)],
    functions: ['startWorker'],
  };
};

const endOfFirstUnseen: Rule = (facts) => {
  for (const { pid, history, listener } of partsOf(facts).slice(1)) {
    if (listener === undefined || history.calls.some(({ call, fd }) => call === 'epoll_ctl' && fd === 0)) continue;
    return {
      id: 'end-of-first-unseen',
      text: `the process ${pid} does not watch its standard input, which would tell it that the first one has ended`,
      proof: [],
      functions: ['leaderEnded'],
    };
  }
  return undefined;
};

/** More processes listen than there should be, each on its own socket. */
const tooManyProcesses: Rule = (facts) => {
  const listening = partsOf(facts).filter(({ listener }) => listener !== undefined && listener.closed === undefined);
  const last = listening.at(-1)?.listener;
  if (last === undefined) return undefined;
  const pids = listening.map(({ pid }) => pid);
  return {
    id: 'too-many-processes',
    text: `${pids.length} processes listen on the port (${pids.join(', ')}): WORKERS counts the first process too, so start one fewer`,
    proof: [told(last.opened)],
    functions: ['startWorkers', 'startWorker'],
  };
};

/** Rules for too many processes. */
export const whenTooMany: Rule[] = [tooManyProcesses];

/** Rules for a process that exited and should not have. */
export const whenEnded: Rule[] = [leftWithWorker, workerLeftTooEarly, firstDidNotWait];

/** A client connected, and was not accepted. */
export const whenNotServed: Rule[] = [portNotShared, doorUnwatched];

/** Rules for processes that should exit and do not. */
export const whenAskedToEnd: Rule[] = [doorInherited, endOfFirstUnseen];

export const phrases: Phrases = {
  'door-inherited': 'start[s] the other process with the listening socket open, so that the port stays open',
  'door-unwatched': 'never accept[s] a client in the second process',
  'end-of-first-unseen': 'go[es] on when the first process has ended',
  'first-did-not-wait': 'end[s] before the other processes have',
  'left-with-worker': 'end[s] when another process of its own ends',
  'port-not-shared': 'never set[s] SO_REUSEPORT, so that the second process cannot listen',
  'too-many-processes': 'start[s] one process too many',
  'worker-left-too-early': 'cut[s] off the clients of the second process at the end',
};
