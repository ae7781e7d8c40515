/** Causes of failures of proxies that run out of descriptors, or that got SIGTERM. */

import { EPOLLIN } from '../../../linux/constants.ts';
import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { type History, told } from '../history.ts';

const OUT_OF_DESCRIPTORS = ['EMFILE', 'ENFILE'];
/** A program that does not spin fails once, and once more for each client that leaves. */
const MANY = 100;

/** The listening socket's descriptor. */
function listenerOf(history: History): number | undefined {
  return history.lives.find(({ kind }) => kind === 'listener')?.fd;
}

/** accept() failures because the program had no descriptor left. */
function shortages(history: History): Call[] {
  return history.calls.filter(({ call, errno = '' }) => call === 'accept' && OUT_OF_DESCRIPTORS.includes(errno));
}

/** The signalfd, and the first signal that was read from it. */
function signalsOf(history: History): { fd: number; taken: Call | undefined } | undefined {
  const made = history.calls.find(({ call, result }) => call === 'signalfd' && result >= 0);
  if (made === undefined) return undefined;
  const fd = made.result;
  const taken = history.calls.find(
    (call) => call.call === 'read' && call.fd === fd && call.result > 0 && call.index > made.index,
  );
  return { fd, taken };
}

export const emfileSpin: Rule = ({ history }) => {
  const failed = shortages(history);
  const count = failed.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = failed.at(-1);
  if (last === undefined || count < MANY) return undefined;
  return {
    id: 'emfile-spin',
    text: `accept() failed ${count.toLocaleString('en-US')} times because no descriptor was free: the connection stays in the backlog, so epoll_wait() reports the listening socket again at once`,
    proof: [told(last)],
    call: last,
    functions: ['acceptFailed', 'pauseListening'],
  };
};

export const listenerNotResumed: Rule = ({ history }) => {
  const fd = listenerOf(history);
  if (shortages(history).length === 0 || fd === undefined) return undefined;
  const last = history.calls.findLast((call) => call.call === 'epoll_ctl' && call.fd === fd);
  const events = typeof last?.args.events === 'number' ? last.args.events : 0;
  if (last === undefined || events & EPOLLIN) return undefined;
  return {
    id: 'listener-not-resumed',
    text: `the program stopped watching the listening socket (${fd}) when descriptors ran out, and did not watch it again when some were free`,
    proof: [told(last), 'no epoll_ctl() on it came after this one'],
    call: last,
    functions: ['resumeListening', 'closePair'],
  };
};

export const queueThrownAway: Rule = ({ history }) => {
  const taken = signalsOf(history)?.taken;
  const closed = history.lives.find(({ kind }) => kind === 'listener')?.closed;
  if (taken === undefined || closed === undefined || closed.index < taken.index) return undefined;
  const empty = history.calls
    .slice(taken.index, closed.index)
    .some(({ call, errno }) => call === 'accept' && errno === 'EAGAIN');
  if (empty) return undefined;
  return {
    id: 'queue-thrown-away',
    text: `the listening socket (${closed.fd}) was closed before accept() had failed with EAGAIN: the kernel reset the connections in its queue`,
    proof: [told(taken), told(closed)],
    call: closed,
    functions: ['startDraining', 'closeListener'],
  };
};

export const leftTooEarly: Rule = ({ evidence, history }) => {
  const taken = signalsOf(history)?.taken;
  const open = history.lives.filter(({ kind, closed }) => kind === 'client' && closed === undefined);
  const [first] = open;
  if (evidence.exit?.signal || evidence.exit === undefined || taken === undefined || first === undefined)
    return undefined;
  return {
    id: 'left-too-early',
    text: `the program ended although ${open.length === 1 ? 'a client was' : `${open.length} clients were`} still connected`,
    proof: [told(taken), `descriptor ${first.fd} leads to a client and was never closed`],
    call: taken,
    functions: ['handleSignals', 'startDraining'],
  };
};

const signalsUnseen: Rule = ({ history }) => {
  const signals = signalsOf(history);
  if (signals === undefined || signals.taken !== undefined) return undefined;
  const { fd } = signals;
  const watched = history.calls.find((call) => call.call === 'epoll_ctl' && call.fd === fd);
  const reported = history.calls.findLast(({ events }) => events?.some((event) => event.fd === fd));
  if (watched !== undefined && reported === undefined) return undefined;
  const cause: Omit<Cause, 'id' | 'text'> = { proof: reported ? [told(reported)] : [], functions: ['handleSignals'] };
  return watched === undefined
    ? {
        id: 'signals-not-watched',
        text: `signals come out of descriptor ${fd}, which was never added to epoll: the program never sees SIGTERM`,
        ...cause,
      }
    : {
        id: 'signals-not-read',
        text: `epoll_wait() reported descriptor ${fd}, out of which signals come, and the program did not read it`,
        ...cause,
      };
};

const keepsListening: Rule = ({ history }) => {
  const taken = signalsOf(history)?.taken;
  const listener = history.lives.find(({ kind }) => kind === 'listener');
  if (taken === undefined || listener === undefined || listener.closed !== undefined) return undefined;
  return {
    id: 'keeps-listening',
    text: `after SIGTERM the listening socket (${listener.fd}) was not closed, so the kernel lets clients in`,
    proof: [told(taken)],
    call: taken,
    functions: ['closeListener', 'startDraining'],
  };
};

const neverLeaves: Rule = (facts) => {
  const { history } = facts;
  const taken = signalsOf(history)?.taken;
  const open = history.lives.some(({ kind, closed }) => kind === 'client' && closed === undefined);
  if (taken === undefined || open || !shows(facts, 'not-ended')) return undefined;
  const rows = history.calls.at(-1)?.table?.length ?? 0;
  if (rows > 0) {
    return {
      id: 'row-not-removed',
      text: `no client is left, but the route table has ${rows === 1 ? 'a row' : `${rows} rows`}, so the program still waits for a client`,
      proof: [told(taken)],
      call: taken,
      functions: ['closePair'],
    };
  }
  return {
    id: 'never-leaves',
    text: 'SIGTERM was seen, the listening socket is closed and no client is left, but the program waits for an event that cannot come',
    proof: [told(taken)],
    call: taken,
    functions: ['startDraining', 'handleSignals'],
  };
};

const secondSignalIgnored: Rule = (facts) => {
  const { history } = facts;
  const signals = signalsOf(history);
  const taken = history.calls.filter(({ call, fd, result }) => call === 'read' && fd === signals?.fd && result > 0);
  const again = taken[1];
  if (again === undefined || !shows(facts, 'not-ended')) return undefined;
  return {
    id: 'second-signal-ignored',
    text: 'SIGTERM was seen a second time, and the program did not end',
    proof: [told(again)],
    call: again,
    functions: ['handleSignals'],
  };
};

/** Whether a signal was read: then a closed listening socket is no mistake. */
export function isAskedToEnd(history: History): boolean {
  return signalsOf(history)?.taken !== undefined;
}

const wrongExitCode: Rule = ({ evidence }) => {
  const code = evidence.exit?.code;
  if (!code) return undefined;
  return {
    id: 'wrong-exit-code',
    text: `the program ended with exit code ${code}: 0 says that all went well`,
    proof: [],
  };
};

/** Rules for a program that got SIGTERM and handled it wrongly. */
export const leavingRules: Rule[] = [
  signalsUnseen,
  queueThrownAway,
  leftTooEarly,
  keepsListening,
  secondSignalIgnored,
  neverLeaves,
];

/** Rules for one that exited, but not with 0. */
export const whenEndIsWrong: Rule[] = [...leavingRules, wrongExitCode];

export const phrases: Phrases = {
  'emfile-spin': 'spin[s] when descriptors run out',
  'keeps-listening': 'keep[s] listening after SIGTERM',
  'left-too-early': 'end[s] while clients are still connected',
  'listener-not-resumed': 'accept[s] no more clients after descriptors ran out',
  'never-leaves': 'do[es] not end when the last client has left after SIGTERM',
  'queue-thrown-away': 'reset[s] the clients in the queue at SIGTERM',
  'second-signal-ignored': 'go[es] on when SIGTERM comes a second time',
  'signals-not-read': 'do[es] not read the signal that came',
  'signals-not-watched': 'do[es] not watch the descriptor that signals come out of',
  'wrong-exit-code': 'end[s] with another exit code than 0',
};
