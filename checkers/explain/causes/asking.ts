/** Causes of failures of a line client: how it connects, and how it notices an end. */
import { text as messages } from '../../messages/index.ts';
import type { Call } from '../call.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { on, reads, STANDARD_INPUT } from '../line-client.ts';
import { answerChanged, answerCut, answersLeft, notPrinted, printedOther } from './printed.ts';
import { lastLineLost, linesDropped, sentOther, textConversion, waitsUnasked } from './typed.ts';

const connectElsewhere: Rule = ({ history, evidence }) => {
  const connect = on(history, 'connect').find(
    ({ args }) => args.port !== undefined && args.port !== evidence.ports.proxy,
  );
  if (connect === undefined) return undefined;
  return {
    id: 'server-wrong-port',
    text: messages.causes.asking.serverWrongPort(connect.args.port, evidence.ports.proxy),
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
    text: messages.causes.asking.connectMissing,
    proof: [told(made), ...(last ? [messages.causes.asking.lastCall(toldBriefly(last))] : [])],
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
    text: messages.causes.asking.connectsTwice(connects.length),
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
          ? messages.causes.asking.connectFailedProgramEnded(failed.errno)
          : messages.causes.asking.connectFailedWithAndTheProgramEndedWithout(failed.errno),
      proof: [told(failed)],
      call: failed,
      functions: ['connectServer'],
    };
  }
  const next = history.calls[failed.index + 1] ?? history.unfinished;
  return {
    id: 'failed-connect-ignored',
    text: messages.causes.asking.failedConnectIgnored(failed.errno),
    proof: [told(failed), ...(next ? [messages.causes.asking.thenCame(toldBriefly(next))] : [])],
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
    text: messages.causes.asking.recvOnNoSocket(recv.fd),
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
    text: messages.causes.asking.inputEndIgnored((times - 1).toLocaleString('en-US')),
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
  const how = end.result === 0 ? messages.causes.asking.recvReturned : messages.causes.asking.recvFailed(end.errno);
  const after = history.calls.slice(end.index + 1).filter(({ call }) => call !== 'close');
  const [next] = after;
  if (shows(facts, 'not-ended')) return wentOn(end, how, next ?? history.unfinished);
  const code = evidence.exit?.code;
  if (shows(facts, 'extra-bytes', 'wrong-bytes')) return next?.call === 'write' ? wentOn(end, how, next) : undefined;
  return {
    id: code === 0 ? 'failure-not-reported' : 'no-last-words',
    text:
      code === 0
        ? messages.causes.asking.serverHadEndedConnection(how)
        : messages.causes.asking.theServerHadEndedTheConnectionWithAn(how),
    proof: [told(end)],
    call: end,
    functions: ['receiveAnswer'],
  };
};

function wentOn(end: Call, how: string, next: Pick<Call, 'call' | 'fd'> | undefined): Cause {
  return {
    id: 'end-ignored',
    text: messages.causes.asking.endIgnored(how),
    proof: [told(end), ...(next ? [messages.causes.asking.thenCame(toldBriefly(next as Call))] : [])],
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
  serverEndIgnored,
  inputEndIgnored,
  sentOther,
  textConversion,
  linesDropped,
  answersLeft,
  printedOther,
  answerChanged,
  answerCut,
  lastLineLost,
  notPrinted,
  waitsUnasked,
];
