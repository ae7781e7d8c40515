/** How a program handled the bytes of one recv(): the calls until it waits, or receives, again. */
import { MSG_PEEK } from '../../linux/constants.ts';
import type { Call, Life } from './call.ts';
import type { History } from './history.ts';
import { lifeAt } from './history.ts';
import { isWait } from './waits.ts';

/** One recv() that brought bytes, and what followed. */
export interface Handling {
  recv: Call;
  from: Life;
  /** the socket on which to send the bytes */
  to: Life | undefined;
  /** calls before the next recv() or epoll_wait() */
  after: Call[];
  /** those of them that are send() */
  sends: Call[];
  /** undefined: the trace ends before the next recv() or epoll_wait() came to an end */
  next: Call | undefined;
  /**
   * whether `sends` are about these bytes alone: everything that came earlier in the same batch of events was sent on
   * before more was received, and no older bytes waited for the same socket
   */
  alone: boolean;
  /** whether the program is done with these bytes: it waits, or receives, again */
  done: boolean;
}

/** Every recv() on a client's or upstream socket that brought bytes, in order. */
export function handlings(history: History): Handling[] {
  const calls = history.calls.slice(0, history.whole);
  const borders = calls.filter((one) => isWait(one.call) || (one.call === 'recv' && one.result >= 0 && !isPeek(one)));
  const owed = new Owed(calls);
  let alone = true;
  return borders.flatMap((recv, position) => {
    if (isWait(recv.call)) alone = true;
    const from = recv.call === 'recv' && recv.result > 0 && lifeAt(history, recv.fd, recv);
    if (!from || (from.kind !== 'client' && from.kind !== 'upstream')) return [];
    const next = borders[position + 1];
    const after = calls.slice(recv.index + 1, next?.index ?? calls.length);
    const sends = after.filter(({ call }) => call === 'send');
    const wasAlone = alone && owed.before(recv, from) <= 0;
    alone = alone && sends.length > 0;
    const hangs =
      history.whole === history.calls.length &&
      (isWait(history.unfinished?.call) || history.unfinished?.call === 'recv');
    const done = next !== undefined || hangs;
    return [{ recv, from, to: from.partner, after, sends, next, alone: wasAlone, done }];
  });
}

/** MSG_PEEK takes no bytes. */
function isPeek({ call, args }: Call): boolean {
  return call === 'recv' && (Number(args.flags) & MSG_PEEK) !== 0;
}

/** Counts bytes received from sockets and not yet sent to their partners. */
class Owed {
  readonly #calls: Call[];
  #place = 0;
  readonly #received = new Map<number, number>();
  readonly #sent = new Map<number, number>();

  constructor(calls: Call[]) {
    this.#calls = calls;
  }

  /** How many bytes from a socket waited for its partner at the time of this call. Ask for calls in ascending order. */
  before({ index }: Call, { fd, partner }: Life): number {
    for (; this.#place < index; this.#place += 1) this.#count(this.#calls[this.#place]);
    return (this.#received.get(fd) ?? 0) - (this.#sent.get(partner?.fd ?? -1) ?? 0);
  }

  #count(call: Call | undefined): void {
    if (call === undefined || call.result < 0 || isPeek(call)) return;
    if (call.call === 'close') for (const counts of [this.#received, this.#sent]) counts.delete(call.fd);
    const counts = call.call === 'recv' ? this.#received : call.call === 'send' ? this.#sent : undefined;
    counts?.set(call.fd, (counts.get(call.fd) ?? 0) + call.result);
  }
}

/** Bytes that these send() calls took. */
export function bytesSent(sends: Call[]): number {
  return sends.reduce((sum, { result }) => sum + Math.max(0, result), 0);
}
