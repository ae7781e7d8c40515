/** Causes of a program that computes without an end. */
import { text } from '../../messages/index.ts';
import type { Rule } from '../cause.ts';
import { told, where } from '../history.ts';
import { BUSY } from '../state.ts';

/** Without a system call for this long, in ms, a busy program is not between two of them. */
const SILENT_MS = 400;

/**
 * A loop without a system call in it. Where it stands, no trace tells: behind the last call. Only our own trace knows each
 * call of a program; strace is asked for some.
 */
export const spinsWithoutCall: Rule = ({ evidence, history, role }) => {
  const last = history.calls.at(-1);
  if (last === undefined || history.unfinished || history.whole < history.calls.length || where(last) === '') {
    return undefined;
  }
  if ((evidence.state?.busy ?? 0) <= BUSY || evidence.exit || evidence.failedAt - last.ms < SILENT_MS) return undefined;
  if (last.call === 'epoll_wait') return undefined;
  // A send() that took all that it was offered has left its loop behind: the caller goes round.
  const isDone = last.call === 'send' && last.result === Number(last.args.length);
  const caller = history.calls.findLast(({ call }) => call !== 'send');
  const own = isDone ? caller : last;
  return {
    id: 'spins-without-call',
    text: text.causes.looping.spinsWithoutCall(told(last)),
    proof: [text.causes.starting.lastSystemCall(told(last))],
    call: last,
    functions: [...(role === 'server' ? ['answerLines'] : []), ...(typeof own?.fn === 'string' ? [own.fn] : [])],
  };
};
