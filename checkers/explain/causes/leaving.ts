/** Causes of failures of proxies that run out of descriptors, or that got SIGTERM. */
import { EPOLLIN } from '../../../linux/constants.ts';
import { text } from '../../messages/index.ts';
import type { Call } from '../call.ts';
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
    text: text.causes.leaving.emfileSpin(count.toLocaleString('en-US')),
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
    text: text.causes.leaving.listenerNotResumed(fd),
    proof: [told(last), text.causes.leaving.noLaterChange],
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
    text: text.causes.leaving.queueThrownAway(closed.fd),
    proof: [told(taken), told(closed)],
    call: closed,
    functions: ['startDraining', 'closeDoor'],
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
    text: text.causes.leaving.leftTooEarly(open.length),
    proof: [told(taken), text.causes.leaving.stillOpen(first.fd)],
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
    ? { id: 'signals-not-watched', text: text.causes.leaving.signalsNotWatched(fd), ...cause }
    : { id: 'signals-not-read', text: text.causes.leaving.signalsNotRead(fd), ...cause };
};

const keepsListening: Rule = ({ history }) => {
  const taken = signalsOf(history)?.taken;
  const listener = history.lives.find(({ kind }) => kind === 'listener');
  if (taken === undefined || listener === undefined || listener.closed !== undefined) return undefined;
  return {
    id: 'keeps-listening',
    text: text.causes.leaving.keepsListening(listener.fd),
    proof: [told(taken)],
    call: taken,
    functions: ['closeDoor', 'startDraining'],
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
      text: text.causes.leaving.rowsLeft(rows),
      proof: [told(taken)],
      call: taken,
      functions: ['closePair'],
    };
  }
  return {
    id: 'never-leaves',
    text: text.causes.leaving.neverLeaves,
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
    text: text.causes.leaving.secondSignalIgnored,
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
  return { id: 'wrong-exit-code', text: text.causes.leaving.wrongExitCode(code), proof: [] };
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
