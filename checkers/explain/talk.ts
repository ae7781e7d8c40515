/** How a server handled a client's bytes: each recv() that brought bytes, and the answers that followed. */
import type { Call, Life } from './call.ts';
import type { History } from './history.ts';

/** One recv() on a client's socket that brought bytes, and what happened on that socket before the next one. */
export interface Turn {
  client: Life;
  recv: Call;
  /** its bytes as text; undefined if the trace has only the first of them */
  text: string | undefined;
  sends: Call[];
  /** earlier bytes without a newline yet */
  begun: string | undefined;
  /** the first later call that can block; the immediate reaction to these bytes comes before it */
  next: Call | undefined;
  /** whether the program is done with these bytes: it waits, or has gone on */
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

/** The bytes of a call as text; undefined if the trace does not have all of them. */
export function wholeText({ head = '' }: Call, length: number): string | undefined {
  return head.length === 2 * length ? Buffer.from(head, 'hex').toString('latin1') : undefined;
}

/** The text of a send() that took all its bytes. */
export function sentText(send: Call): string | undefined {
  return wholeText(send, Math.max(0, send.result));
}

/** The text reversed. */
export function backwards(text: string): string {
  return [...text].reverse().join('');
}

/** The right answers to whole lines. */
export function answersTo(text: string): string {
  return text.split('\n').map(backwards).join('\n');
}

/** Text in quotes with escaped control characters: "abc\n". */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A decoder's replacement for invalid bytes, in hexadecimal. */
export const REPLACEMENT = 'efbfbd';

/** The first bytes of a call: '20 09 71 …' */
export function firstBytes({ head = '' }: Call): string {
  const pairs = head.match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(' ')}${pairs.length > 8 ? ' …' : ''}`;
}

/** The ways in which programs trim a line. */
const TIDY: ((line: string) => string)[] = [
  (line) => line.trim(),
  (line) => line.trimEnd(),
  (line) => line.trimStart(),
  (line) => line.replaceAll('\r', ''),
];

/** The lines trimmed in each of these ways, without unchanged results. */
export function tidyForms(lines: string): string[] {
  return TIDY.map((tidy) => lines.split('\n').map(tidy).join('\n')).filter((tidy) => tidy !== lines);
}
