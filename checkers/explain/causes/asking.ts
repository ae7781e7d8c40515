/** Causes of failures of a line client: how it connects, and how it notices an end. */

import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { on, reads, STANDARD_INPUT } from '../line-client.ts';
import {
  answerBeginningLost,
  answerChanged,
  answerCut,
  answerNotReceived,
  answersLeft,
  newlineOverlooked,
  notPrinted,
  printedOnInput,
  printedOther,
} from './printed.ts';
import {
  beginningLost,
  lastLineLost,
  linesDropped,
  sentElse,
  sentOther,
  textConversion,
  waitsUnasked,
} from './typed.ts';

const connectElsewhere: Rule = ({ history, evidence }) => {
  const connect = on(history, 'connect').find(
    ({ args }) => args.port !== undefined && args.port !== evidence.ports.proxy,
  );
  if (connect === undefined) return undefined;
  return {
    id: 'server-wrong-port',
    text: `the client connects to port ${connect.args.port}; the server is on ${evidence.ports.proxy} (variable PORT)`,
    proof: [told(connect)],
    call: connect,
    functions: ['connectServer'],
  };
};

const connectMissing: Rule = (facts) => {
  if (
    !shows(facts, 'no-connection') ||
    on(facts.history, 'connect').length > 0 ||
    facts.history.unfinished?.call === 'connect'
  )
    return undefined;
  const made = on(facts.history, 'socket')[0];
  if (made === undefined) return undefined;
  const last = facts.history.unfinished ?? facts.history.calls.at(-1);
  return {
    id: 'connect-missing',
    text: 'a socket was made, but connect() was not called on it',
    proof: [told(made), ...(last ? [`the last call was ${toldBriefly(last)}`] : [])],
    call: made,
    functions: ['connectServer'],
  };
};

const connectsTwice: Rule = (facts) => {
  const connects = on(facts.history, 'connect').filter(({ result }) => result === 0);
  const [, second] = connects;
  if (!shows(facts, 'too-many-connections', 'missing-bytes', 'cut-short') || second === undefined) return undefined;
  return {
    id: 'connects-twice',
    text: `the client connected ${connects.length} times; one connection serves for all lines`,
    proof: connects.slice(0, 2).map(told),
    call: second,
    functions: ['connectServer'],
  };
};

/** connect() failed, and the program went on, or exited with code 0. */
const failureIgnored: Rule = (facts) => {
  const { history, evidence } = facts;
  // A non-blocking connect() gives EINPROGRESS first: that is no failure yet.
  const failed = on(history, 'connect').find(({ result, errno }) => result === -1 && errno !== 'EINPROGRESS');
  if (failed === undefined || !shows(facts, 'not-ended', 'wrong-exit', 'no-last-words')) return undefined;
  if (evidence.symptom === 'wrong-exit' || evidence.symptom === 'no-last-words') {
    const code = evidence.exit?.code;
    return {
      id: code === 0 ? 'failure-not-reported' : 'no-last-words',
      text:
        code === 0
          ? `connect() failed with ${failed.errno}, and the program ended with exit code 0, which means that all went well`
          : `connect() failed with ${failed.errno}, and the program ended without an error message`,
      proof: [told(failed)],
      call: failed,
      functions: ['connectServer'],
    };
  }
  const next = history.calls[failed.index + 1] ?? history.unfinished;
  return {
    id: 'failed-connect-ignored',
    text: `connect() failed with ${failed.errno}, and the program went on as if it had a connection`,
    proof: [told(failed), ...(next ? [`then came ${toldBriefly(next)}`] : [])],
    call: failed,
    functions: ['connectServer'],
  };
};

/** recv() works on sockets only, and the standard input may be anything. */
const notASocket: Rule = ({ history }) => {
  const recv = on(history, 'recv').find(({ errno, fd }) => errno === 'ENOTSOCK' || fd === STANDARD_INPUT);
  if (recv === undefined) return undefined;
  return {
    id: 'recv-on-no-socket',
    text: `recv() was called on descriptor ${recv.fd}, which is no socket but the standard input: read() takes bytes from any descriptor`,
    proof: [told(recv)],
    call: recv,
    functions: ['readLine'],
  };
};

/** read() returned 0 at the end of the input, and the program reads on. */
const inputEndIgnored: Rule = (facts) => {
  if (!shows(facts, 'connection-not-closed', 'not-ended', 'missing-bytes')) return undefined;
  const ends = reads(facts.history).filter(({ result, args }) => result === 0 && args.length !== 0);
  const times = ends.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const [first] = ends;
  if (first === undefined || times < 3) return undefined;
  return {
    id: 'input-end-ignored',
    text: `read() returned 0, which means that the input is over, and was called again ${(times - 1).toLocaleString('en-US')} times`,
    proof: [told(first)],
    call: first,
    functions: ['readLine'],
  };
};

/** A -1 of read() or recv() that the program ignored. */
const serverEndIgnored: Rule = (facts) => {
  if (!shows(facts, 'not-ended', 'wrong-exit', 'no-last-words', 'extra-bytes', 'wrong-bytes')) return undefined;
  const { history, evidence } = facts;
  const end = on(history, 'recv').find(
    ({ result, errno, args }) => (result === 0 && args.length !== 0) || (result === -1 && errno === 'ECONNRESET'),
  );
  if (end === undefined) return undefined;
  const how = end.result === 0 ? 'recv() returned 0' : `recv() failed with ${end.errno}`;
  const after = history.calls.slice(end.index + 1).filter(({ call }) => call !== 'close');
  const [next] = after;
  if (shows(facts, 'not-ended')) return wentOn(end, how, next ?? history.unfinished);
  const code = evidence.exit?.code;
  if (shows(facts, 'extra-bytes', 'wrong-bytes')) return next?.call === 'write' ? wentOn(end, how, next) : undefined;
  return {
    id: code === 0 ? 'failure-not-reported' : 'no-last-words',
    text:
      code === 0
        ? `the server had ended the connection with an answer due (${how}), and the program ended with exit code 0, which means that all went well`
        : `the server had ended the connection with an answer due (${how}), and the program ended without an error message`,
    proof: [told(end)],
    call: end,
    functions: ['receiveAnswer'],
  };
};

function wentOn(end: Call, how: string, next: Pick<Call, 'call' | 'fd'> | undefined): Cause {
  return {
    id: 'end-ignored',
    text: `the server had ended the connection (${how}), and the program went on`,
    proof: [told(end), ...(next ? [`then came ${toldBriefly(next as Call)}`] : [])],
    call: end,
    functions: ['receiveAnswer'],
  };
}

export const askingRules: Rule[] = [
  connectElsewhere,
  failureIgnored,
  connectMissing,
  connectsTwice,
  notASocket,
  printedOnInput,
  serverEndIgnored,
  inputEndIgnored,
  sentOther,
  beginningLost,
  textConversion,
  linesDropped,
  answersLeft,
  answerNotReceived,
  printedOther,
  answerBeginningLost,
  answerChanged,
  answerCut,
  lastLineLost,
  sentElse,
  newlineOverlooked,
  notPrinted,
  waitsUnasked,
];

export const phrases: Phrases = {
  'connect-missing': 'never call[s] connect()',
  'connects-twice': 'connect[s] more than once where one connection is due',
  'end-ignored': 'do[es] nothing when the other side has ended the connection',
  'failed-connect-ignored': 'go[es] on although connect() failed',
  'failure-not-reported': 'end[s] with exit code 0 although something failed',
  'input-end-ignored': 'read[s] on after the end of the input',
  'no-last-words': 'end[s] without an error message',
  'recv-on-no-socket': 'call[s] recv() on something that is not a socket',
  'server-wrong-port': 'connect[s] to a port that is not the server’s',
};
