/** Causes of what goes wrong in a client that asks line by line. */

import { text as messages } from '../../messages/index.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { type Call, type History, type Life, lifeAt, told, toldBriefly } from '../history.ts';
import { firstBytes, quoted, REPLACEMENT, tidyForms, wholeText } from '../talk.ts';

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

function reads({ calls }: History): Call[] {
  return calls.filter(({ call, fd }) => call === 'read' && fd === STANDARD_INPUT);
}

function on(history: History, name: string): Call[] {
  return history.calls.filter(({ call }) => call === name);
}

/** The socket that leads to the server. */
function lineTo(history: History): Life | undefined {
  return history.lives.findLast(({ kind }) => kind === 'upstream');
}

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

/** connect() failed, and the program went on, or ended as if all were well. */
const failureIgnored: Rule = (facts) => {
  const { history, evidence } = facts;
  // Whoever waits with epoll is told EINPROGRESS first: that is no failure yet.
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

/** The standard input is whatever it is; only a socket can be received from. */
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

/** read() said that the input is over, and the program reads on. */
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

/** A -1 of read() or recv() that the program did not look at. */
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

/** A line was typed, and what left was not that line. */
const sentOther: Rule = ({ history }) => {
  const line = lineTo(history);
  for (const read of reads(history)) {
    const text = wholeText(read, read.result);
    const next = history.calls.slice(read.index + 1).find(({ call }) => call === 'send' || call === 'read');
    if (line === undefined || text === undefined || next?.call !== 'send' || !text.endsWith('\n')) continue;
    const first = text.slice(0, text.indexOf('\n') + 1);
    const sent = wholeText(next, Number(next.args.length));
    const before = reads(history).some(
      ({ index, result, head }) => index < read.index && result > 0 && !head?.endsWith('0a'),
    );
    if (before || sent === undefined) continue;
    const proof = [`${told(read)}: ${quoted(text)}`, `${told(next)}: ${quoted(sent)}`];
    if (sent === first.slice(0, -1)) {
      const why = messages.causes.asking.lineSentWithoutNewline;
      return { id: 'newline-not-sent', text: why, proof, call: next, functions: ['readLine', 'sendAll'] };
    }
    const changed = sentChanged(first, sent);
    if (changed !== undefined) return { ...changed, proof, call: next, functions: ['readLine', 'sendAll'] };
    if (sent.length > text.length && sent.startsWith(text)) {
      const why = messages.causes.asking.bytesWereReadSend(text.length, sent.length);
      return { id: 'sent-more-than-received', text: why, proof, call: next, functions: ['sendAll', 'readLine'] };
    }
  }
  return undefined;
};

/** What was done to a line, or to an answer, that was to go on as it is. */
function sentChanged(due: string, sent: string): Pick<Cause, 'id' | 'text'> | undefined {
  if (sent === due) return undefined;
  const { lines } = messages.causes;
  if (tidyForms(due).includes(sent)) return { id: 'line-trimmed', text: lines.lineTrimmed(quoted(due)) };
  if (sent.toLowerCase() === due.toLowerCase()) return { id: 'bytes-changed', text: lines.capitalsChanged };
  return undefined;
}

/** Bytes that are no text, on their way to the server or to the terminal. */
const textConversion: Rule = ({ history, evidence }) => {
  const came = (before: Call | undefined): Call | undefined =>
    history.calls.findLast(
      ({ call, result, index }) =>
        (call === 'read' || call === 'recv') && result > 0 && index < (before?.index ?? Infinity),
    );
  const sent = history.calls.find(
    ({ call, head }) => (call === 'send' || call === 'write') && head?.includes(REPLACEMENT),
  );
  const from = came(sent);
  // Whoever prints with console.log leaves no trace of it.
  const seen = sent !== undefined || evidence.difference?.observed.toString('hex').includes(REPLACEMENT);
  if (!seen || from === undefined || from.head?.includes(REPLACEMENT)) return undefined;
  return {
    id: 'text-conversion',
    text: messages.causes.lines.textConversion,
    proof: [from, ...(sent ? [sent] : [])].map((call) => `${told(call)}: ${firstBytes(call)}`),
    call: sent ?? from,
    functions: from.call === 'recv' ? ['printAnswer', 'receiveAnswer'] : ['readLine', 'sendAll'],
  };
};

/** An answer that came whole was printed, but not as it was. */
const answerChanged: Rule = ({ history }) => {
  for (const write of on(history, 'write')) {
    const recv = history.calls.findLast(({ call, index }) => call === 'recv' && index < write.index);
    const answer = recv && wholeText(recv, recv.result);
    const printed = wholeText(write, Number(write.args.length));
    if (write.fd !== STANDARD_OUTPUT || recv === undefined || answer === undefined || printed === undefined) continue;
    const changed = answer.endsWith('\n') ? sentChanged(answer, printed) : undefined;
    if (changed === undefined) continue;
    const proof = [`${told(recv)}: ${quoted(answer)}`, `${told(write)}: ${quoted(printed)}`];
    return { ...changed, proof, call: write, functions: ['printAnswer'] };
  }
  return undefined;
};

/** Several lines came with one read(), and the next read() came before they had all been sent. */
const linesDropped: Rule = (facts) => {
  const { history } = facts;
  if (!shows(facts, 'missing-bytes', 'cut-short', 'connection-not-closed', 'wrong-bytes')) return undefined;
  const all = [...reads(history)];
  for (const [position, read] of all.entries()) {
    if (read.result <= 0) continue;
    const next = all[position + 1] ?? (history.unfinished?.call === 'read' ? history.unfinished : undefined);
    const text = wholeText(read, read.result);
    const until = next === undefined ? -1 : 'index' in next ? Number(next.index) : history.calls.length;
    const lines = (text ?? '').split('\n').length - 1;
    const sends = history.calls.slice(read.index + 1, until).filter(({ call }) => call === 'send');
    const sent = sends.reduce((sum, { result }) => sum + Math.max(0, result), 0);
    if (text === undefined || next === undefined || lines < 2 || sends.length === 0) continue;
    if (sent > text.indexOf('\n') + 1) continue;
    return {
      id: 'first-line-only',
      text: messages.causes.asking.firstLineOnly(lines),
      proof: [
        `${told(read)}: ${quoted(text)}`,
        ...sends.slice(0, 1).map(told),
        messages.causes.asking.thenCame(toldBriefly(next)),
      ],
      call: read,
      functions: ['readLine'],
    };
  }
  return undefined;
};

/** The answers to several lines that were sent together: only one was waited for. */
const answersLeft: Rule = (facts) => {
  const { history } = facts;
  const line = lineTo(history);
  if (!shows(facts, 'missing-bytes', 'cut-short') || line === undefined) return undefined;
  const send = line.calls.find(({ call, head, result }) => {
    const text = call === 'send' ? (wholeText({ head } as Call, result) ?? '') : '';
    return text.split('\n').length > 2;
  });
  // Whoever goes on receiving may still get them all.
  const moved = (name: string): number =>
    line.calls.reduce((sum, { call, result }) => sum + (call === name ? Math.max(0, result) : 0), 0);
  if (send === undefined || history.unfinished?.call === 'recv' || moved('recv') >= moved('send')) return undefined;
  return {
    id: 'answers-left',
    text: messages.causes.asking.answersLeft,
    proof: [
      told(send),
      messages.causes.asking.recvCalledTimes(line.fd, line.calls.filter(({ call }) => call === 'recv').length),
    ],
    call: send,
    functions: ['readLine', 'receiveAnswer'],
  };
};

/** read() is over, and what it had brought last was never sent. */
const lastLineLost: Rule = ({ history }) => {
  const all = reads(history);
  const end = all.find(({ result, args }) => result === 0 && args.length !== 0);
  const last = all.findLast(({ result, index }) => result > 0 && index < (end?.index ?? -1));
  const text = last && wholeText(last, last.result);
  if (end === undefined || last === undefined || text === undefined || text.endsWith('\n')) return undefined;
  const rest = text.slice(text.lastIndexOf('\n') + 1);
  const later = history.calls.slice(end.index + 1).find(({ call }) => call === 'send');
  const proof = [`${told(last)}: ${quoted(text)}`, told(end)];
  if (later === undefined) {
    const why = messages.causes.asking.inputEndedWhichNo(quoted(rest));
    return { id: 'last-line-lost', text: why, proof, call: end, functions: ['readLine'] };
  }
  return undefined;
};

/** An answer came in pieces, and the first piece was taken for all of it. */
const answerCut: Rule = ({ history }) => {
  const line = lineTo(history);
  const pieces = line?.calls.filter(({ call, result }) => call === 'recv' && result > 0) ?? [];
  for (const piece of pieces) {
    const text = wholeText(piece, piece.result);
    if (text?.includes('\n') || (text === undefined && piece.crc !== undefined && piece.result <= 32)) continue;
    const next = history.calls
      .slice(piece.index + 1)
      .find(({ call }) => ['recv', 'send', 'read', 'close'].includes(call));
    const wrote = history.calls
      .slice(piece.index + 1, next?.index)
      .find(({ call, fd }) => call === 'write' && fd === STANDARD_OUTPUT);
    if (text === undefined || next === undefined || next.call === 'recv' || wrote === undefined) continue;
    return {
      id: 'answer-cut',
      text: messages.causes.asking.answerCut,
      proof: [`${told(piece)}: ${quoted(text)}`, told(wrote), messages.causes.asking.thenCame(toldBriefly(next))],
      call: piece,
      functions: ['receiveAnswer'],
    };
  }
  return undefined;
};

/** What was printed is not what had come. */
const printedOther: Rule = (facts) => {
  if (!shows(facts, 'wrong-bytes', 'extra-bytes', 'missing-bytes', 'cut-short')) return undefined;
  const { history } = facts;
  let came = 0;
  for (const call of history.calls) {
    if (call.call === 'recv' && lifeAt(history, call.fd, call)?.kind === 'upstream') came += Math.max(0, call.result);
    if (call.call !== 'write' || call.fd !== STANDARD_OUTPUT) continue;
    if (Number(call.args.length) > came) {
      const recv = history.calls.findLast(({ call: name, index }) => name === 'recv' && index < call.index);
      const text = messages.causes.asking.writeGivenBytesStandard(call.args.length, came);
      const id = 'printed-more-than-received';
      return { id, text, proof: [...(recv ? [told(recv)] : []), told(call)], call, functions: ['printAnswer'] };
    }
    came -= Math.max(0, call.result);
  }
  return undefined;
};

const notPrinted: Rule = (facts) => {
  if (!shows(facts, 'missing-bytes', 'cut-short')) return undefined;
  const { history } = facts;
  const recv = on(history, 'recv').find(({ result, head }) => result > 0 && head?.endsWith('0a'));
  // Whoever prints with console.log leaves no trace of it.
  if (
    recv === undefined ||
    on(history, 'write').length > 0 ||
    facts.evidence.timeline.some(({ who, what }) => who === 'terminal' && what === 'receives')
  ) {
    return undefined;
  }
  return {
    id: 'received-not-printed',
    text: messages.causes.asking.receivedNotPrinted,
    proof: [told(recv)],
    call: recv,
    functions: ['printAnswer', 'receiveAnswer'],
  };
};

/** Waits for an answer to a line that never left, or that the server has not got whole. */
const waitsUnasked: Rule = (facts: Facts) => {
  const { history } = facts;
  const waits = history.unfinished?.call === 'recv' ? history.unfinished : undefined;
  const line = lineTo(history);
  if (waits === undefined || line === undefined || waits.fd !== line.fd) return undefined;
  const sent = line.calls.some(({ call }) => call === 'send');
  if (sent || !shows(facts, 'missing-bytes', 'connection-not-closed', 'not-ended')) return undefined;
  return {
    id: 'waits-unasked',
    text: messages.causes.asking.waitsUnasked,
    proof: [told(line.opened), messages.causes.asking.notOver(toldBriefly(waits))],
    call: line.opened,
    functions: ['sendAll', 'readLine'],
  };
};

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
