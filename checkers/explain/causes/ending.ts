/** Causes of a program's exit, from its exit status and its last output. */

import { text as messages } from '../../messages/index.ts';
import type { Rule } from '../cause.ts';
import { inPlainWords } from '../errno.ts';
import { errorOf } from '../exit.ts';
import { told } from '../history.ts';

const uncaught: Rule = ({ evidence, history }) => {
  const error = errorOf(evidence.lastLines);
  // Exit code 0: the printed error was caught, or a warning.
  if (error === undefined || evidence.exit?.code === 0) return undefined;
  const last = history.calls.at(-1);
  return {
    id: 'uncaught-error',
    text: messages.causes.ending.uncaughtError(error.message, error.place === undefined ? '' : ` (${error.place})`),
    proof: last ? [messages.causes.ending.lastSystemCall(told(last))] : [],
    // No `call`: the error was thrown after it, at another moment of the picture and perhaps in another function.
    functions: error.functions,
  };
};

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
    text: messages.causes.ending.callFailedExit(call, inPlainWords(error)),
    proof: failed ? [told(failed)] : [],
    ...(failed && { call: failed }),
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
    text: messages.causes.ending.theProgramEndedAfterHadFailed(last.call, inPlainWords(last.errno ?? '') ?? last.errno),
    proof: [told(last)],
    call: last,
  };
};

const notFound: Rule = ({ evidence }) => {
  if (evidence.exit?.code !== 127) return undefined;
  return { id: 'command-not-found', text: messages.causes.ending.commandNotFound, proof: evidence.lastLines.slice(-1) };
};

const signalled: Rule = ({ evidence }) => {
  if (!evidence.exit?.signal) return undefined;
  return { id: 'killed', text: messages.causes.ending.killed(evidence.exit.signal), proof: [] };
};

/** Not for a client, which may exit. */
const endedByItself: Rule = ({ evidence, role }) => {
  if (evidence.exit?.code !== 0) return undefined;
  return {
    id: 'loop-ended',
    text: messages.causes.ending.loopEnded(role),
    proof: [],
  };
};

/** Rules for any program that exited. */
export const endingRules: Rule[] = [uncaught, gaveUp, failedAndEnded, notFound, signalled];

/** Rules for a program that should have run on. */
export const exitRules: Rule[] = [...endingRules, endedByItself];
