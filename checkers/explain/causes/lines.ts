/** Causes of wrong answers of a line server: how it handled a client's bytes. */

import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { bytesSent } from '../handling.ts';
import { type History, told, toldBriefly } from '../history.ts';
import {
  answersTo,
  backwards,
  firstBytes,
  quoted,
  REPLACEMENT,
  sentText,
  type Turn,
  tidyForms,
  turnsOf,
} from '../talk.ts';

const ANSWER = ['answerLines', 'handleClient'];

/** Turns for which the trace has all bytes, including earlier ones. */
interface Known extends Turn {
  text: string;
  begun: string;
}

function known(history: History): Known[] {
  return turnsOf(history).filter((turn): turn is Known => turn.text !== undefined && turn.begun !== undefined);
}

/** All bytes sent in a turn; undefined if some are unknown. */
function sentIn({ sends }: Turn): string | undefined {
  const texts = sends.map(sentText);
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** The part of the received bytes that ends with a newline. */
function wholeLines({ begun, text }: Known): string {
  const all = begun + text;
  return all.slice(0, all.lastIndexOf('\n') + 1);
}

/** The first turn that a rule can judge. */
function firstTurn(history: History, look: (turn: Known) => Cause | undefined): Cause | undefined {
  for (const turn of known(history)) {
    const cause = look(turn);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

/** 'recv(24, 64 bytes) returned 4 (server.ts:80, handleClient): "abc\n"' */
function withText(call: Call, text: string): string {
  return `${told(call)}: ${quoted(text)}`;
}

/** A send() before the line was whole. */
const answersPieces: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const { recv, text, sends, begun } = turn;
    const [send] = sends;
    // A program that answers pieces answers the first one, too.
    if (send === undefined || text.includes('\n') || begun !== '') return undefined;
    const sent = sentText(send);
    if (sent === undefined || (sent !== backwards(text) && sent.trim() !== backwards(text))) return undefined;
    return {
      id: 'answers-pieces',
      text: 'a piece of a line was answered as if it were a whole one: TCP carries bytes, and a line ends only at its newline',
      proof: [withText(recv, text), withText(send, sent)],
      call: send,
      functions: ANSWER,
    };
  });

const newlineReversed: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (lines === '' || sent === undefined || send === undefined) return undefined;
    const each = lines
      .split('\n')
      .slice(0, -1)
      .map((line) => `\n${backwards(line)}`);
    if (sent === answersTo(lines) || sent !== each.join('')) return undefined;
    return {
      id: 'newline-reversed',
      text: 'the newline was reversed with the line, so it comes first instead of last',
      proof: [withText(turn.recv, turn.text), withText(send, sentText(send) ?? '')],
      call: send,
      functions: ['reverseLine', 'answerLines'],
    };
  });

const notReversed: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const [send] = turn.sends;
    if (send === undefined || sentIn(turn) !== lines || lines === answersTo(lines)) return undefined;
    return {
      id: 'not-reversed',
      text: 'the line went back as it had come',
      proof: [withText(turn.recv, turn.text), withText(send, sentText(send) ?? '')],
      call: send,
      functions: ['reverseLine', 'answerLines'],
    };
  });

/** Several lines, reversed as if they were one. */
const reversedTogether: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    const several = lines.indexOf('\n') < lines.length - 1;
    if (!several || send === undefined || sent === undefined) return undefined;
    const together = [`${backwards(lines.slice(0, -1))}\n`, backwards(lines)];
    if (sent === answersTo(lines) || !together.includes(sent)) return undefined;
    return {
      id: 'reversed-together',
      text: 'several lines came in one piece, and the piece was reversed as a whole instead of line by line',
      proof: [withText(turn.recv, turn.text), withText(send, sentText(send) ?? '')],
      call: send,
      functions: ANSWER,
    };
  });

const firstLineOnly: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const first = lines.slice(0, lines.indexOf('\n') + 1);
    const sent = sentIn(turn);
    if (first === lines || sent !== answersTo(first) || !turn.done) return undefined;
    const [send] = turn.sends;
    return {
      id: 'first-line-only',
      text: `${lines.split('\n').length - 1} lines came in one piece, and only the first of them was answered`,
      proof: [withText(turn.recv, turn.text), ...(send ? [withText(send, sent)] : []), afterwards(turn)].filter(
        Boolean,
      ),
      ...(send && { call: send }),
      functions: ANSWER,
    };
  });

function afterwards({ next }: Turn): string {
  return next ? `then came ${toldBriefly(next)}` : '';
}

/** The newline or another part of the line is missing, or was added. */
const newlineLost: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (lines === '' || send === undefined || sent === undefined || !turn.done) return undefined;
    const due = answersTo(lines).replaceAll('\n', '');
    // Without its newline, a line may also lose the last byte to the place of the newline.
    if (sent === '' || (sent !== due && !(sameBytes(sent, due) && turn.text === lines))) return undefined;
    return {
      id: 'newline-lost',
      text: 'the answer has no newline at its end, so the client never learns that it is whole',
      proof: [withText(turn.recv, turn.text), withText(send, sent)],
      call: send,
      functions: ANSWER,
    };
  });

/** Whether two texts have the same bytes, in any order. */
function sameBytes(one: string, other: string): boolean {
  return [...one].sort().join('') === [...other].sort().join('');
}

/** A line came in pieces, and only the last piece was answered, perhaps with bytes of an older line behind it. */
const beginningLost: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (turn.begun === '' || send === undefined || sent === undefined) return undefined;
    const last = lines.slice(turn.begun.length);
    const stray = lines === '' && turn.begun.length >= LEAST_HALF && !sent.includes(backwards(turn.begun));
    if (lines === '' ? !(stray && sent.includes(backwards(turn.text))) : sent !== answersTo(last)) return undefined;
    return {
      id: 'beginning-lost',
      text: `the line came in pieces, and what had come before the last one, ${quoted(turn.begun)}, was forgotten`,
      proof: [withText(turn.recv, turn.text), withText(send, sent)],
      call: send,
      functions: ANSWER,
    };
  });

/** The answer contained half a line of another client. */
const ofAnother: Rule = ({ history }) => {
  const turns = known(history);
  for (const turn of turns) {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (lines === '' || send === undefined || sent === undefined || sent === answersTo(lines)) continue;
    const other = turns.find((before) => {
      const half = before.text.slice(before.text.lastIndexOf('\n') + 1);
      return before.client !== turn.client && before.recv.index < turn.recv.index && hasHalf(sent, lines, half);
    });
    if (other === undefined) continue;
    const gone = other.client.closed !== undefined && other.client.closed.index < turn.recv.index;
    return {
      id: gone ? 'leftovers-of-another' : 'lines-mixed',
      text: gone
        ? `half a line that the previous client left behind was answered together with the line of the next one`
        : `half a line of the client on ${other.client.fd} was answered together with the line of the one on ${turn.client.fd}: each client needs its own place for the beginning of its line`,
      proof: [
        withText(other.recv, other.text),
        ...(gone && other.client.closed ? [told(other.client.closed)] : []),
        withText(send, sentText(send) ?? ''),
      ],
      call: send,
      functions: gone ? ['closeClient', 'handleClient', 'acceptConnection'] : ['handleClient', 'acceptConnection'],
    };
  }
  return undefined;
};

/** The beginning of a line changed but kept its length, after a recv() from another client in between. */
const beginningOverwritten: Rule = ({ history }) => {
  const turns = known(history);
  for (const turn of turns) {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (turn.begun === '' || lines === '' || send === undefined || sent?.length !== lines.length) continue;
    const answered = answersTo(sent);
    const rest = lines.slice(turn.begun.length);
    if (answered === lines || !answered.endsWith(rest) || rest.length < LEAST_HALF) continue;
    const first = turns.findLast(({ client, recv }) => client === turn.client && recv.index < turn.recv.index);
    const between = turns.findLast(
      ({ client, recv }) =>
        client !== turn.client && recv.index < turn.recv.index && recv.index > (first?.recv.index ?? Infinity),
    );
    if (first === undefined || between === undefined) continue;
    return {
      id: 'beginning-overwritten',
      text: `the beginning of a line, ${quoted(turn.begun)}, was overwritten by the bytes of the next client: subarray() is a view of the shared buffer, and Buffer.from() makes a copy`,
      proof: [withText(first.recv, first.text), withText(between.recv, between.text), withText(send, sent)],
      call: between.recv,
      functions: ['handleClient'],
    };
  }
  return undefined;
};

/** This many bytes of a half line cannot be in another answer by chance. */
const LEAST_HALF = 4;

/** Whether an answer to these lines contains another client's half line. */
function hasHalf(sent: string, lines: string, half: string): boolean {
  return half.length >= LEAST_HALF && sent.includes(backwards(half)) && !answersTo(lines).includes(backwards(half));
}

/** More bytes than were received in all, with one send() or with several. */
const longerThanCame: Rule = ({ history }) => {
  for (const { client, recv, sends } of turnsOf(history)) {
    const before = client.calls.filter(({ index }) => index <= recv.index);
    const came = bytesSent(before.filter(({ call }) => call === 'recv'));
    const due = came - bytesSent(before.filter(({ call }) => call === 'send'));
    const long = sends.find(({ args }) => Number(args.length) > due);
    const last = sends.findIndex((_, index) => bytesSent(sends.slice(0, index + 1)) > due);
    const send = long ?? sends[last];
    if (send === undefined || send.index >= history.whole) continue;
    const all = sends.slice(0, last + 1);
    return {
      id: 'sent-more-than-received',
      text: long
        ? `${due} bytes of this client waited for their answer, and send() was given ${long.args.length}: the other bytes were left in the buffer from before, or no client had sent them`
        : `${due} bytes of this client waited for their answer, and ${bytesSent(all)} were sent before the next recv(): some were sent twice, or no client had sent them`,
      proof: [told(recv), ...(long ? [] : all.slice(-2, -1).map(told)), told(send)],
      call: send,
      functions: ANSWER,
    };
  }
  return undefined;
};

/** A line was complete, and nothing was sent. */
const notAnswered: Rule = (facts) => {
  if (!shows(facts, 'missing-bytes', 'cut-short', 'wrong-bytes')) return undefined;
  return firstTurn(facts.history, (turn) => {
    const lines = wholeLines(turn);
    if (lines === '' || turn.sends.length > 0 || !turn.done) return undefined;
    const failed = facts.history.calls[turn.recv.index + 1];
    if (failed?.call === 'recv' && failed.fd === turn.recv.fd && failed.errno === 'EAGAIN') {
      return {
        id: 'line-lost-at-eagain',
        text: `the line ${quoted(lines)} had come, the next recv() failed with EAGAIN, and no send() followed: that -1 is no number of bytes to add, and the line has still to be answered`,
        proof: [withText(turn.recv, turn.text), told(failed)],
        call: failed,
        functions: ['handleClient', 'receiveLine'],
      };
    }
    return {
      id: 'received-not-sent',
      text: `the line ${quoted(lines)} had come, and no send() followed`,
      proof: [withText(turn.recv, turn.text), afterwards(turn)].filter(Boolean),
      call: turn.recv,
      functions: ANSWER,
    };
  });
};

/** Bytes that send() did not take were never sent again; the next line followed instead. */
const restSkipped: Rule = ({ history }) => {
  for (const partial of history.calls) {
    const left = Number(partial.args.length) - partial.result;
    if (partial.call !== 'send' || partial.result < 0 || left <= 0) continue;
    const client = history.lives.findLast(({ fd, opened }) => fd === partial.fd && opened.index < partial.index);
    const next = client?.calls.find(({ call, index }) => call === 'send' && index > partial.index);
    if (next === undefined || Number(next.args.length) === left || next.head === partial.head) continue;
    return {
      id: 'partial-send-ignored',
      text: `send() took ${partial.result} of ${partial.args.length} bytes, and the other ${left} were never offered again`,
      proof: [told(partial), `the next on ${partial.fd}: ${toldBriefly(next)}`],
      call: partial,
      functions: ['sendAll'],
    };
  }
  return undefined;
};

/** The program searches the rest of a buffer again and again, or keeps too much of it. */
const answeredTwice: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const due = answersTo(lines);
    const [, again] = turn.sends;
    if (lines === '' || sent === undefined || again === undefined || sent !== due + due) return undefined;
    return {
      id: 'answered-twice',
      text: `the line ${quoted(lines)} came once and was answered twice`,
      proof: [
        withText(turn.recv, turn.text),
        ...turn.sends.slice(0, 2).map((send) => withText(send, sentText(send) ?? '')),
      ],
      call: again,
      functions: ANSWER,
    };
  });

const lineTrimmed: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const lines = wholeLines(turn);
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (lines === '' || send === undefined || sent === undefined || !tidyForms(lines).map(answersTo).includes(sent))
      return undefined;
    return {
      id: 'line-trimmed',
      text: `blanks at the ends of a line, or its carriage return, were left out (${quoted(lines)}): a line is every byte before its newline`,
      proof: [withText(turn.recv, turn.text), withText(send, sent)],
      call: send,
      functions: ANSWER,
    };
  });

/** Whether the first bytes contain this character, as it is or reversed with the line. */
function isReplaced({ head = '' }: Call): boolean {
  return head.includes(REPLACEMENT) || head.includes(Buffer.from(REPLACEMENT, 'hex').reverse().toString('hex'));
}

const textConversion: Rule = ({ history }) => {
  for (const { recv, sends } of turnsOf(history)) {
    const send = sends.find(isReplaced);
    if (send === undefined || isReplaced(recv)) continue;
    return {
      id: 'text-conversion',
      text: 'bytes were turned into a string and back: what is not UTF-8 became the bytes ef bf bd, which stand for "unreadable"',
      proof: [`${told(recv)}: ${firstBytes(recv)}`, `${told(send)}: ${firstBytes(send)}`],
      call: send,
      functions: ['reverseLine', ...ANSWER],
    };
  }
  return undefined;
};

const capitalsChanged: Rule = ({ history }) =>
  firstTurn(history, (turn) => {
    const due = answersTo(wholeLines(turn));
    const sent = sentIn(turn);
    const [send] = turn.sends;
    if (due === '' || send === undefined || sent === undefined || sent === due) return undefined;
    if (sent.toLowerCase() !== due.toLowerCase()) return undefined;
    return {
      id: 'bytes-changed',
      text: 'capitals became small letters, or the other way round: only their order may change',
      proof: [withText(turn.recv, turn.text), withText(send, sent)],
      call: send,
      functions: ['reverseLine', ...ANSWER],
    };
  });

export const lineRules: Rule[] = [
  newlineReversed,
  notReversed,
  reversedTogether,
  firstLineOnly,
  answersPieces,
  newlineLost,
  ofAnother,
  beginningOverwritten,
  beginningLost,
  answeredTwice,
  lineTrimmed,
  textConversion,
  capitalsChanged,
  longerThanCame,
  restSkipped,
  notAnswered,
];

export const phrases: Phrases = {
  'answered-twice': 'answer[s] one line twice',
  'answers-pieces': 'answer[s] a piece of a line as if it were a line',
  'beginning-lost': 'forget[s] the beginning of a line that comes in pieces',
  'bytes-changed': 'change[s] the bytes on their way',
  'first-line-only': 'use[s] only the first of several lines that come at once',
  'leftovers-of-another': 'answer[s] what a client before had left behind',
  'line-lost-at-eagain': 'lose[s] a line when the next recv() fails with EAGAIN',
  'line-trimmed': 'trim[s] lines, so that blanks at their ends are lost',
  'lines-mixed': 'mix[es] the lines of several clients',
  'newline-lost': 'send[s] answers without a newline',
  'newline-reversed': 'reverse[s] the newline with the line',
  'not-reversed': 'send[s] lines back as they came',
  'partial-send-ignored': 'forget[s] the rest when send() takes only a part',
  'received-not-sent': 'receive[s] bytes and never send[s] them on',
  'reversed-together': 'reverse[s] several lines as if they were one',
  'sent-more-than-received': 'send[s] more bytes than came',
  'beginning-overwritten': 'keep[s] a view of the shared buffer where a copy is due',
  'text-conversion': 'turn[s] bytes into a string and back',
};
