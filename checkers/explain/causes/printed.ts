/** Causes of failures of a line client: it printed something other than the server's answer. */

import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { type History, lifeAt, told, toldBriefly } from '../history.ts';
import { lineTo, on, STANDARD_INPUT, STANDARD_OUTPUT } from '../line-client.ts';
import { quoted, wholeText } from '../talk.ts';
import { sentChanged } from './typed.ts';

/** The client sent several lines together and waited for one answer only. */
export const answersLeft: Rule = (facts) => {
  const { history } = facts;
  const line = lineTo(history);
  if (!shows(facts, 'missing-bytes', 'cut-short') || line === undefined) return undefined;
  const send = line.calls.find(({ call, head, result }) => {
    const text = call === 'send' ? (wholeText({ head } as Call, result) ?? '') : '';
    return text.split('\n').length > 2;
  });
  // A program that goes on receiving may still get them all.
  const moved = (name: string): number =>
    line.calls.reduce((sum, { call, result }) => sum + (call === name ? Math.max(0, result) : 0), 0);
  if (send === undefined || history.unfinished?.call === 'recv' || moved('recv') >= moved('send')) return undefined;
  return {
    id: 'answers-left',
    text: 'several lines were sent at once, and only one answer was received before the next step',
    proof: [
      told(send),
      `recv() on ${line.fd} was called ${line.calls.filter(({ call }) => call === 'recv').length} times`,
    ],
    call: send,
    functions: ['readLine', 'receiveAnswer'],
  };
};

/** An answer came in pieces, and the client took the first piece for all of it. */
export const answerCut: Rule = ({ history }) => {
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
      text: 'the program took a part of the answer for all of it: an answer ends at its newline, and recv() may return less',
      proof: [`${told(piece)}: ${quoted(text)}`, told(wrote), `then came ${toldBriefly(next)}`],
      call: piece,
      functions: ['receiveAnswer'],
    };
  }
  return undefined;
};

/** A whole line was sent, and the program went on without receiving an answer to it. */
export const answerNotReceived: Rule = (facts) => {
  const { history } = facts;
  const line = lineTo(history);
  if (!shows(facts, 'wrong-bytes', 'extra-bytes', 'missing-bytes', 'cut-short') || line === undefined) return undefined;
  for (const send of line.calls) {
    if (send.call !== 'send' || send.result !== Number(send.args.length) || !isWholeLine(send)) continue;
    const next = history.calls
      .slice(send.index + 1)
      .find(({ call }) => ['recv', 'read', 'send', 'write'].includes(call));
    // A program that sends several lines first may receive the answers later.
    const later = line.calls.some(({ call, index }) => call === 'recv' && index > send.index);
    if (next === undefined || next.call === 'recv' || (later && next.call !== 'write')) continue;
    return {
      id: 'answer-not-received',
      text: 'a line was sent, and the program went on without a recv() for its answer, as if the answer had come already',
      proof: [told(send), `then came ${toldBriefly(next)}`],
      call: send,
      functions: ['receiveAnswer'],
    };
  }
  return undefined;
};

function isWholeLine(send: Call): boolean {
  return wholeText(send, send.result)?.endsWith('\n') ?? false;
}

/** An answer came in pieces, and each of them was put at the front, over the ones before. */
export const answerBeginningLost: Rule = ({ history }) => {
  const line = lineTo(history);
  for (const write of on(history, 'write').filter(({ fd }) => fd === STANDARD_OUTPUT)) {
    const asked = line?.calls.findLast(({ call, index }) => call === 'send' && index < write.index);
    const pieces = (line?.calls ?? []).filter(
      ({ call, result, index }) => call === 'recv' && result > 0 && index > (asked?.index ?? 0) && index < write.index,
    );
    const [first] = pieces;
    const last = pieces.at(-1);
    const earlier = on(history, 'write').some(({ index }) => index > (asked?.index ?? 0) && index < write.index);
    if (asked === undefined || first === undefined || last === undefined || last === first || earlier) continue;
    const head = write.head ?? '';
    const front = overwritten(pieces);
    if (front.length < SURE_DIGITS || !head.startsWith(front) || first.head?.startsWith(front)) continue;
    return {
      id: 'beginning-lost',
      text: 'the answer came in pieces, and each of them overwrote the ones before: new bytes belong behind those that have come',
      proof: [told(first), told(last), told(write)],
      call: last,
      functions: ['receiveAnswer'],
    };
  }
  return undefined;
};

/** So many hexadecimal digits are not equal by chance. */
const SURE_DIGITS = 8;

/** The first bytes of a buffer into which each of these calls received at the front. */
function overwritten(pieces: Call[]): string {
  return pieces.reduce((before, { head = '' }) => head + before.slice(head.length), '');
}

/** The whole answer has come, and the program waits for more of it. */
export const newlineOverlooked: Rule = (facts) => {
  const { history } = facts;
  const line = lineTo(history);
  const { unfinished } = history;
  if (!shows(facts, 'missing-bytes', 'not-ended', 'connection-not-closed') || unfinished?.call !== 'recv')
    return undefined;
  const send = line?.calls.findLast(({ call }) => call === 'send');
  const recv = line?.calls.findLast(({ call, result }) => call === 'recv' && result > 0);
  if (send === undefined || recv === undefined || recv.index < send.index || unfinished.fd !== recv.fd)
    return undefined;
  const [sent, came] = [send, recv].map((call) => wholeText(call, call.result));
  if (sent?.split('\n').length !== 2 || !came?.endsWith('\n')) return undefined;
  return {
    id: 'newline-overlooked',
    text: 'the answer had come, with its newline, and the program waits in recv() for more of it',
    proof: [`${told(recv)}: ${quoted(came)}`, `${toldBriefly(unfinished)} is not over`],
    call: recv,
    functions: ['receiveAnswer'],
  };
};

/** Bytes for the terminal went to descriptor 0. */
export const printedOnInput: Rule = ({ history }) => {
  const write = on(history, 'write').find(({ fd }) => fd === STANDARD_INPUT);
  if (write === undefined) return undefined;
  return {
    id: 'printed-on-input',
    text: `write() was called on ${STANDARD_INPUT}, the standard input: the standard output is ${STANDARD_OUTPUT}`,
    proof: [told(write)],
    call: write,
    functions: ['printAnswer'],
  };
};

/** The printed bytes differ from the received ones. */
export const printedOther: Rule = (facts) => {
  if (!shows(facts, 'wrong-bytes', 'extra-bytes', 'missing-bytes', 'cut-short')) return undefined;
  const { history } = facts;
  let came = 0;
  for (const call of history.calls) {
    if (call.call === 'recv' && lifeAt(history, call.fd, call)?.kind === 'upstream') came += Math.max(0, call.result);
    if (call.call !== 'write' || call.fd !== STANDARD_OUTPUT) continue;
    if (Number(call.args.length) > came) {
      const recv = history.calls.findLast(({ call: name, index }) => name === 'recv' && index < call.index);
      const text = `write() was given ${call.args.length} bytes for the standard output, but only ${came} bytes had come and were not printed yet`;
      const id = 'printed-more-than-received';
      return { id, text, proof: [...(recv ? [told(recv)] : []), told(call)], call, functions: ['printAnswer'] };
    }
    came -= Math.max(0, call.result);
  }
  return undefined;
};

/** The client received an answer completely, and printed it changed. */
export const answerChanged: Rule = ({ history }) => {
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

export const notPrinted: Rule = (facts) => {
  if (!shows(facts, 'wrong-bytes', 'missing-bytes', 'cut-short')) return undefined;
  const { history } = facts;
  const whole = on(history, 'recv').filter(({ result, head }) => result > 0 && head?.endsWith('0a'));
  const recv = whole.find((one) => !isPrinted(one, history));
  // console.log leaves no line in the trace.
  const seen = facts.evidence.timeline.some(({ who, what }) => who === 'terminal' && what === 'receives');
  if (recv === undefined || (on(history, 'write').length === 0 && seen)) return undefined;
  return {
    id: 'received-not-printed',
    text: 'the answer had come, and nothing was printed',
    proof: [told(recv)],
    call: recv,
    functions: ['printAnswer', 'receiveAnswer'],
  };
};

/** Whether a write() followed before the next line was sent or read; the answers of several lines may be printed together. */
function isPrinted({ index }: Call, { calls, unfinished }: History): boolean {
  const later = calls.slice(index + 1);
  const next = later.find(({ call }) => ['recv', 'send', 'read', 'write'].includes(call)) ?? unfinished;
  if (next?.call === 'write' || next?.call === 'recv') return true;
  const received = calls
    .filter(({ call }) => call === 'recv')
    .reduce((sum, { result }) => sum + Math.max(0, result), 0);
  const written = calls
    .filter(({ call, fd }) => call === 'write' && fd === STANDARD_OUTPUT)
    .reduce((sum, { result }) => sum + Math.max(0, result), 0);
  return written >= received;
}

export const phrases: Phrases = {
  'printed-on-input': 'print[s] on the standard input',
  'newline-overlooked': 'wait[s] for more of an answer that is whole',
  'answer-not-received': 'go[es] on without receiving the answer to a line',
  'answer-cut': 'take[s] a piece of an answer for the whole answer',
  'answers-left': 'receive[s] one answer where several are due',
  'printed-more-than-received': 'print[s] more bytes than came',
  'received-not-printed': 'receive[s] an answer and never print[s] it',
};
