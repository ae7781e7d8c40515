/** A program that ends with its standard input, which the checks give as /dev/null. */

import { INPUT_END } from '../../trace/strace.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { errorOf } from '../exit.ts';

const WORK = ['socket', 'bind', 'listen', 'accept', 'connect', 'recv', 'send'];
/** Python's input() raises it; other errors may have another reason. */
const AT_THE_END = /^EOFError: EOF when reading a line$/;

export const inputEnded: Rule = (facts) => {
  const { evidence, role } = facts;
  // A client reads its standard input, and ends with it.
  if (role === 'client' || !shows(facts, 'stopped') || evidence.exit?.signal) return undefined;
  const error = errorOf(evidence.lastLines);
  const raised = error !== undefined && AT_THE_END.test(error.message);
  if (error !== undefined && !raised) return undefined;
  const at = evidence.trace.findLastIndex(({ call }) => call === INPUT_END);
  const end = evidence.trace[at];
  // What another process did after that may be why the program ended; a call that it still waits in is not.
  const others = evidence.trace
    .slice(at + 1)
    .some(({ call, pid, result }) => pid !== end?.pid && result !== undefined && WORK.includes(call));
  if (!raised && (end === undefined || others)) return undefined;
  return {
    id: 'input-ended',
    text: 'the program reads standard input, which the checks give as /dev/null, and exits at its end: let it run without input',
    proof: [
      ...(error ? [error.message] : []),
      ...(end && !others ? ['read(0) returned 0, and the process exited'] : []),
    ],
  };
};

export const phrases: Phrases = {
  'input-ended': 'end[s] with the standard input, which is empty',
};
