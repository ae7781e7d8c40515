/** Causes of a program's exit, from its exit status and its last output. */

import type { Call } from '../call.ts';
import type { Cause, Phrases, Rule } from '../cause.ts';
import { inPlainWords } from '../errno.ts';
import { errorOf } from '../exit.ts';
import { told } from '../history.ts';

/** The program printed an error, and ended with it. */
export const uncaught: Rule = ({ evidence, history }) => {
  const error = errorOf(evidence.lastLines);
  // Exit code 0: the printed error was caught, or a warning.
  if (error === undefined || evidence.exit?.code === 0) return undefined;
  const last = history.calls.at(-1);
  return {
    id: 'uncaught-error',
    text: `the program died of an uncaught error: ${error.message}${error.place === undefined ? '' : ` (${error.place})`}`,
    proof: last ? [`the last system call: ${told(last)}`] : [],
    // No `call`: the error was thrown after it, at another moment of the picture and perhaps in another function.
    functions: error.functions,
  };
};

/** Functions that get a descriptor from their callers: a failure in there may be the caller's mistake. */
const HELPERS = ['loopAttach', 'loopDetach', 'sendAll', 'sendSome', 'closePair', 'closeClient'];

function placeOf({ fn }: Call): Pick<Cause, 'functions'> {
  return typeof fn !== 'string' || HELPERS.includes(fn) ? {} : { functions: [fn] };
}

/** 'connect: Connection refused', then an exit: the program gave up on purpose. */
const gaveUp: Rule = ({ evidence, history }) => {
  const line = evidence.lastLines
    .map((text) => /^(\w+): (.+)$/.exec(text))
    .findLast((match) => match && inPlainWords(match[2] ?? ''));
  if (!line || evidence.exit?.code === 0) return undefined;
  const [, call = '', error = ''] = line;
  const failed = history.calls.findLast(({ call: name, result }) => name === call && result === -1);
  return {
    id: 'call-failed-exit',
    text: `the program ended because ${call}() failed: ${inPlainWords(error)}`,
    proof: failed ? [told(failed)] : [],
    ...(failed && { call: failed, ...placeOf(failed) }),
  };
};

const HARMLESS = ['EAGAIN', 'EINTR'];

/** No output, but its last call failed. */
const failedAndEnded: Rule = ({ evidence, history }) => {
  const last = history.calls.findLast(({ call }) => call !== 'close');
  if (last === undefined || last.result !== -1 || evidence.exit?.code === 0 || history.unfinished) return undefined;
  // EAGAIN and EINTR are no reason to exit, so the program had another one.
  if (evidence.symptom === 'wrong-exit' && HARMLESS.includes(last.errno ?? '')) return undefined;
  return {
    id: 'call-failed-exit',
    text: `the program ended after ${last.call}() had failed: ${inPlainWords(last.errno ?? '') ?? last.errno}`,
    proof: [told(last)],
    call: last,
    ...placeOf(last),
  };
};

const notFound: Rule = ({ evidence }) => {
  if (evidence.exit?.code !== 127) return undefined;
  return { id: 'command-not-found', text: 'the command was not found', proof: evidence.lastLines.slice(-1) };
};

const signalled: Rule = ({ evidence }) => {
  if (!evidence.exit?.signal) return undefined;
  return { id: 'killed', text: `the signal ${evidence.exit.signal} ended the program`, proof: [] };
};

/** Not for a client, which may exit. */
const endedByItself: Rule = ({ evidence, role }) => {
  if (evidence.exit?.code !== 0) return undefined;
  return {
    id: 'loop-ended',
    text: `the program exited on its own: a ${role} has to run for ever`,
    proof: [],
  };
};

/** Rules for any program that exited. */
export const endingRules: Rule[] = [uncaught, gaveUp, failedAndEnded, notFound, signalled];

/** Rules for a program that should have run on. */
export const exitRules: Rule[] = [...endingRules, endedByItself];

export const phrases: Phrases = {
  'call-failed-exit': 'end[s] because a system call failed',
  'command-not-found': '[name|names] a command that is not there',
  killed: '[are|is] ended by a signal',
  'loop-ended': 'come[s] to an end instead of going on for ever',
  'uncaught-error': 'die[s] of an error that nothing catches',
};
