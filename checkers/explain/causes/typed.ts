/** Causes of failures of a line client: it sent something other than the typed line, or nothing. */

import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { lineTo, reads, STANDARD_INPUT } from '../line-client.ts';
import { firstBytes, quoted, REPLACEMENT, tidyForms, wholeText } from '../talk.ts';

/** The client sent something other than the typed line. */
export const sentOther: Rule = ({ history }) => {
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
      const why = 'the line was sent without its newline, so the server goes on waiting for its end';
      return { id: 'newline-not-sent', text: why, proof, call: next, functions: ['readLine', 'sendAll'] };
    }
    const changed = sentChanged(first, sent);
    if (changed !== undefined) return { ...changed, proof, call: next, functions: ['readLine', 'sendAll'] };
    if (sent.length > text.length && sent.startsWith(text)) {
      const why = `${text.length} bytes were read, and send() was given ${sent.length}: more than came`;
      return { id: 'sent-more-than-received', text: why, proof, call: next, functions: ['sendAll', 'readLine'] };
    }
  }
  return undefined;
};

/** The beginning of a line was left over from one read(), and the bytes of the next read() took its place. */
export const beginningLost: Rule = ({ history }) => {
  const all = reads(history).filter(({ result }) => result > 0);
  for (const [position, read] of all.entries()) {
    const before = all.slice(0, position).map((one) => wholeText(one, one.result));
    const text = wholeText(read, read.result);
    const last = before.at(-1);
    if (text === undefined || last === undefined || before.includes(undefined)) continue;
    const begun = before.join('').split('\n').at(-1) ?? '';
    const send = history.calls.slice(read.index + 1).find(({ call }) => call === 'send' || call === 'read');
    const sent = send?.call === 'send' ? wholeText(send, Number(send.args.length)) : undefined;
    if (begun === '' || send === undefined || sent === undefined || !text.startsWith(sent)) continue;
    if (!sent.endsWith('\n') || sent === '\n' || (begun + text).startsWith(sent)) continue;
    return {
      id: 'beginning-lost',
      text: `the line came in pieces, and what had come before the last one, ${quoted(begun)}, was forgotten`,
      proof: [`${told(read)}: ${quoted(text)}`, `${told(send)}: ${quoted(sent)}`],
      call: read,
      functions: ['readLine'],
    };
  }
  return undefined;
};

/** How a line, or an answer, was changed. */
export function sentChanged(due: string, sent: string): Pick<Cause, 'id' | 'text'> | undefined {
  if (sent === due) return undefined;
  if (tidyForms(due).includes(sent))
    return {
      id: 'line-trimmed',
      text: `blanks at the ends of a line, or its carriage return, were left out (${quoted(due)}): a line is every byte before its newline`,
    };
  if (sent.toLowerCase() === due.toLowerCase())
    return {
      id: 'bytes-changed',
      text: 'capitals became small letters, or the other way round: only their order may change',
    };
  return undefined;
}

/** Bytes that are no text, sent to the server or to the terminal. */
export const textConversion: Rule = ({ history, evidence }) => {
  const came = (before: Call | undefined): Call | undefined =>
    history.calls.findLast(
      ({ call, result, index }) =>
        (call === 'read' || call === 'recv') && result > 0 && index < (before?.index ?? Infinity),
    );
  const sent = history.calls.find(
    ({ call, head }) => (call === 'send' || call === 'write') && head?.includes(REPLACEMENT),
  );
  const from = came(sent);
  // console.log leaves no line in the trace.
  const seen = sent !== undefined || evidence.difference?.observed.toString('hex').includes(REPLACEMENT);
  if (!seen || from === undefined || from.head?.includes(REPLACEMENT)) return undefined;
  return {
    id: 'text-conversion',
    text: 'bytes were turned into a string and back: what is not UTF-8 became the bytes ef bf bd, which stand for "unreadable"',
    proof: [from, ...(sent ? [sent] : [])].map((call) => `${told(call)}: ${firstBytes(call)}`),
    call: sent ?? from,
    functions: from.call === 'recv' ? ['printAnswer', 'receiveAnswer'] : ['readLine', 'sendAll'],
  };
};

/** One read() brought several lines, and the next read() followed before all were sent. */
export const linesDropped: Rule = (facts) => {
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
      text: `${lines} lines came with one read(), and only the first of them was sent before the next read()`,
      proof: [`${told(read)}: ${quoted(text)}`, ...sends.slice(0, 1).map(told), `then came ${toldBriefly(next)}`],
      call: read,
      functions: ['readLine'],
    };
  }
  return undefined;
};

/** The input has ended, and the bytes of the last read() were never sent. */
export const lastLineLost: Rule = ({ history }) => {
  const all = reads(history);
  const end = all.find(({ result, args }) => result === 0 && args.length !== 0);
  const last = all.findLast(({ result, index }) => result > 0 && index < (end?.index ?? -1));
  const text = last && wholeText(last, last.result);
  if (end === undefined || last === undefined || text === undefined || text.endsWith('\n')) return undefined;
  const rest = text.slice(text.lastIndexOf('\n') + 1);
  const later = history.calls.slice(end.index + 1).find(({ call }) => call === 'send');
  const proof = [`${told(last)}: ${quoted(text)}`, told(end)];
  if (later === undefined) {
    const why = `the input ended with ${quoted(rest)}, which has no newline, and these bytes were never sent`;
    return { id: 'last-line-lost', text: why, proof, call: end, functions: ['readLine'] };
  }
  return undefined;
};

/** The client waits for an answer to a line that it has not sent, or not completely. */
export const waitsUnasked: Rule = (facts: Facts) => {
  const { history } = facts;
  const waits = history.unfinished?.call === 'recv' ? history.unfinished : undefined;
  const line = lineTo(history);
  if (waits === undefined || line === undefined || waits.fd !== line.fd) return undefined;
  const sent = line.calls.some(({ call }) => call === 'send');
  if (sent || !shows(facts, 'missing-bytes', 'connection-not-closed', 'not-ended')) return undefined;
  return {
    id: 'waits-unasked',
    text: 'the program waits in recv() for an answer, but has sent nothing to answer',
    proof: [told(line.opened), `${toldBriefly(waits)} is not over`],
    call: line.opened,
    functions: ['sendAll', 'readLine'],
  };
};

/** What was sent so far differs from what was read, in any way. */
export const sentElse: Rule = ({ history }) => {
  let [read, sent] = ['', ''];
  let last: Call | undefined;
  for (const call of history.calls) {
    const isRead = call.call === 'read' && call.fd === STANDARD_INPUT && call.result > 0;
    if (!isRead && (call.call !== 'send' || call.result <= 0)) continue;
    const text = wholeText(call, call.result);
    if (text === undefined) return undefined;
    if (isRead) [read, last] = [read + text, call];
    else sent += text;
    // The last line may get the newline that it lacks.
    if (isRead || `${read}\n`.startsWith(sent) || last === undefined) continue;
    const at = [...sent].findIndex((byte, index) => byte !== read[index]);
    return {
      id: 'bytes-changed',
      text: `what was sent is not what was read: they differ from byte ${at} on, where ${quoted(read.slice(at, at + 8))} came and ${quoted(sent.slice(at, at + 8))} was sent`,
      proof: [`${told(last)}: ${quoted(wholeText(last, last.result) ?? '')}`, `${told(call)}: ${quoted(text)}`],
      call,
      functions: ['readLine', 'sendAll'],
    };
  }
  return undefined;
};

export const phrases: Phrases = {
  'last-line-lost': 'lose[s] the last line when it has no newline',
  'newline-not-sent': 'send[s] lines without their newline',
  'waits-unasked': 'wait[s] for an answer without having asked',
};
