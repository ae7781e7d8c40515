/** Causes of an endless computation. */
import type { Phrases, Rule } from '../cause.ts';
import { told, where } from '../history.ts';
import { BUSY } from '../state.ts';

/** Without a system call for this long, in ms, a busy program is not between two of them. */
const SILENT_MS = 400;

/**
 * A loop without a system call. The trace only shows that it comes after the last call. Only our own trace has every call
 * of a program; strace records some.
 */
export const spinsWithoutCall: Rule = ({ evidence, history, role }) => {
  const last = history.calls.at(-1);
  if (last === undefined || history.unfinished || history.whole < history.calls.length || where(last) === '') {
    return undefined;
  }
  if ((evidence.state?.busy ?? 0) <= BUSY || evidence.exit || evidence.failedAt - last.ms < SILENT_MS) return undefined;
  if (last.call === 'epoll_wait') return undefined;
  // After a send() that took all bytes, its loop is over: the caller loops.
  const isDone = last.call === 'send' && last.result === Number(last.args.length);
  const caller = history.calls.findLast(({ call }) => call !== 'send');
  const own = isDone ? caller : last;
  return {
    id: 'spins-without-call',
    text: `the program uses the processor all the time and has made no system call since ${told(last)}: a loop after that call does not end`,
    proof: [`the last system call was ${told(last)}`],
    call: last,
    functions: [...(role === 'server' ? ['answerLines'] : []), ...(typeof own?.fn === 'string' ? [own.fn] : [])],
  };
};

export const phrases: Phrases = {
  'spins-without-call': 'spin[s] in a loop without a system call',
};
