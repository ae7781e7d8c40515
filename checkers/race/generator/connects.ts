/** New connections: connect, one message to and fro, close, and again; several at once. */

import { close, EPOLLIN, EPOLLOUT, errno, MSG_DONTWAIT, recv, send } from '#linux';
import { type Answer, ECHO, MESSAGE_BYTES, type Order, STALL_MS, startMs } from './orders.ts';
import { connectTo, Poll, Stalled } from './sockets.ts';
import { Times } from './times.ts';

const message = Buffer.alloc(MESSAGE_BYTES, ECHO);
const buffer = Buffer.alloc(64 * 1024);

export function connects({ port, atOnce, ms }: Extract<Order, { kind: 'connects' }>): Answer {
  const run = new ConnectRun(port);
  try {
    for (let i = 0; i < atOnce; i += 1) run.open();
    run.until(performance.now() + startMs(ms));
    const early = run.times.count;
    run.times.clear();
    const from = performance.now();
    run.until(from + ms);
    const took = performance.now() - from;
    return { ms: took, count: run.times.count, total: early + run.times.count, ...run.times.percentiles() };
  } finally {
    run.end();
  }
}

class ConnectRun {
  readonly times = new Times();
  readonly #poll = new Poll();
  readonly #port: number;
  /** when each was opened, by descriptor */
  readonly #openedAt = new Map<number, number>();
  readonly #received: number[] = [];
  readonly #unsent = new Set<number>();

  constructor(port: number) {
    this.#port = port;
  }

  open(): void {
    const fd = connectTo(this.#port);
    this.#openedAt.set(fd, performance.now());
    this.#received[fd] = 0;
    // The handshake is usually complete by now. If not, EPOLLOUT reports it.
    const sent = send(fd, message, MESSAGE_BYTES, MSG_DONTWAIT) === MESSAGE_BYTES;
    if (!sent) this.#unsent.add(fd);
    this.#poll.add(fd, sent ? EPOLLIN : EPOLLIN | EPOLLOUT);
  }

  until(end: number): void {
    while (performance.now() < end) {
      if (this.#poll.wait(STALL_MS, (fd) => this.#hear(fd)) === 0)
        throw new Stalled(`no answer came for ${STALL_MS / 1000} s`);
    }
  }

  #hear(fd: number): void {
    if (this.#unsent.delete(fd)) {
      if (send(fd, message, MESSAGE_BYTES, MSG_DONTWAIT) === -1)
        throw new Stalled(`a client could not send: ${errno()}`);
      this.#poll.change(fd, EPOLLIN);
      return;
    }
    const length = recv(fd, buffer, MESSAGE_BYTES, MSG_DONTWAIT);
    if (length === -1 && errno() === 'EAGAIN') return;
    if (length <= 0) throw new Stalled('a new connection was closed without an answer');
    this.#received[fd] = (this.#received[fd] ?? 0) + length;
    if ((this.#received[fd] ?? 0) < MESSAGE_BYTES) return;
    this.times.add(performance.now() - (this.#openedAt.get(fd) ?? 0));
    this.#openedAt.delete(fd);
    close(fd);
    this.open();
  }

  end(): void {
    for (const fd of this.#openedAt.keys()) close(fd);
    this.#poll.close();
  }
}
