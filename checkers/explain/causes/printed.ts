/** Causes of failures of a line client: it printed something other than the server's answer. */

import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { lifeAt, told, toldBriefly } from '../history.ts';
import { lineTo, on, STANDARD_OUTPUT } from '../line-client.ts';
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
  if (!shows(facts, 'missing-bytes', 'cut-short')) return undefined;
  const { history } = facts;
  const recv = on(history, 'recv').find(({ result, head }) => result > 0 && head?.endsWith('0a'));
  // console.log leaves no line in the trace.
  if (
    recv === undefined ||
    on(history, 'write').length > 0 ||
    facts.evidence.timeline.some(({ who, what }) => who === 'terminal' && what === 'receives')
  ) {
    return undefined;
  }
  return {
    id: 'received-not-printed',
    text: 'the answer had come, and nothing was printed',
    proof: [told(recv)],
    call: recv,
    functions: ['printAnswer', 'receiveAnswer'],
  };
};

export const phrases: Phrases = {
  'answer-cut': 'take[s] a piece of an answer for the whole answer',
  'answers-left': 'receive[s] one answer where several are due',
  'printed-more-than-received': 'print[s] more bytes than came',
  'received-not-printed': 'receive[s] an answer and never print[s] it',
};
