/** What a server did with what a client sent: each recv() that brought bytes, and the answers that followed it. */

import type { Call, Life } from './call.ts';
import type { History } from './history.ts';

/** One recv() on a client's socket that brought bytes, and what happened on that socket before the next one. */
export interface Turn {
  client: Life;
  recv: Call;
  /** its bytes as text; undefined where the trace has only the first of them */
  text: string | undefined;
  sends: Call[];
  /** bytes that came before and that no newline had ended yet */
  begun: string | undefined;
  /** the first call behind it that can wait: everything that follows from these bytes at once comes before it */
  next: Call | undefined;
  /** whether the program waits, or has gone on to something else: it is done with these bytes */
  done: boolean;
}

const MAY_WAIT = ['accept', 'recv', 'epoll_wait', 'poll', 'select'];

/** All turns, in order. */
export function turnsOf(history: History): Turn[] {
  const begun = new Map<Life, string | undefined>();
  return history.calls.flatMap((recv) => {
    if (recv.call !== 'recv' || recv.result <= 0) return [];
    const client = history.lives.findLast(
      ({ fd, kind, opened }) => kind === 'client' && fd === recv.fd && opened.index < recv.index,
    );
    if (client === undefined) return [];
    const later = client.calls.filter(({ index }) => index > recv.index);
    const again = later.find(({ call, result, errno }) => call === 'recv' && (result >= 0 || errno !== 'EAGAIN'));
    const next = history.calls.slice(recv.index + 1).find(({ call }) => MAY_WAIT.includes(call));
    const sends = later.filter(({ call, index }) => call === 'send' && index < (again?.index ?? Infinity));
    const before = begun.has(client) ? begun.get(client) : '';
    const text = wholeText(recv, recv.result);
    const both = before === undefined || text === undefined ? undefined : before + text;
    begun.set(client, both?.slice(both.lastIndexOf('\n') + 1));
    const done = next !== undefined || MAY_WAIT.includes(history.unfinished?.call ?? '');
    return [{ client, recv, text, sends, begun: before, next, done }];
  });
}

/** The bytes that a call moved, or offered, as text; undefined where the trace has not all of them. */
export function wholeText({ head = '' }: Call, length: number): string | undefined {
  return head.length === 2 * length ? Buffer.from(head, 'hex').toString('latin1') : undefined;
}

/** What was handed to a send() that took all of it. */
export function sentText(send: Call): string | undefined {
  return wholeText(send, Math.max(0, send.result));
}

/** Backwards. */
export function backwards(text: string): string {
  return [...text].reverse().join('');
}

/** The answers that are due for whole lines. */
export function answersTo(text: string): string {
  return text.split('\n').map(backwards).join('\n');
}

/** Text for a person: "abc\n" in quotes, control characters as one writes them in a program. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** What a decoder puts in the place of bytes that are no text, in hexadecimal. */
export const REPLACEMENT = 'efbfbd';

/** The first bytes of a call: '20 09 71 …' */
export function firstBytes({ head = '' }: Call): string {
  const pairs = head.match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(' ')}${pairs.length > 8 ? ' …' : ''}`;
}

/** The ways in which programs tidy up a line. */
const TIDY: ((line: string) => string)[] = [
  (line) => line.trim(),
  (line) => line.trimEnd(),
  (line) => line.trimStart(),
  (line) => line.replaceAll('\r', ''),
];

/** What becomes of lines that are tidied up, in each of these ways; not what stays as it was. */
export function tidyForms(lines: string): string[] {
  return TIDY.map((tidy) => lines.split('\n').map(tidy).join('\n')).filter((tidy) => tidy !== lines);
}
