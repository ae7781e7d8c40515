/** Round trips: small messages to and fro, one at a time on each connection. */

import { close, EPOLLIN, errno, MSG_DONTWAIT, recv, send } from '#linux';
import { type Answer, ECHO, MESSAGE_BYTES, type Order, STALL_MS, startMs } from './orders.ts';
import { connectTo, Poll, Stalled } from './sockets.ts';
import { Times } from './times.ts';

const message = Buffer.alloc(MESSAGE_BYTES, ECHO);
const buffer = Buffer.alloc(64 * 1024);

export function pings({ port, connections, ms }: Extract<Order, { kind: 'pings' }>): Answer {
  const poll = new Poll();
  const fds = Array.from({ length: connections }, () => connectTo(port));
  const run = new PingRun();
  try {
    for (const fd of fds) {
      poll.add(fd, EPOLLIN);
      run.ask(fd);
    }
    run.until(poll, performance.now() + startMs(ms));
    const early = run.times.count;
    run.times.clear();
    const from = performance.now();
    run.until(poll, from + ms);
    const took = performance.now() - from;
    return { ms: took, count: run.times.count, total: early + run.times.count, ...run.times.percentiles() };
  } finally {
    for (const fd of fds) close(fd);
    poll.close();
  }
}

/** Connections by descriptor: the time of each request, and the bytes received of its answer. */
class PingRun {
  readonly times = new Times();
  readonly #askedAt: number[] = [];
  readonly #received: number[] = [];

  ask(fd: number): void {
    this.#askedAt[fd] = performance.now();
    this.#received[fd] = 0;
    if (send(fd, message, MESSAGE_BYTES, MSG_DONTWAIT) !== MESSAGE_BYTES) {
      throw new Stalled(`a client could not send: ${errno()}`);
    }
  }

  until(poll: Poll, end: number): void {
    while (performance.now() < end) {
      if (poll.wait(STALL_MS, (fd) => this.#hear(fd)) === 0)
        throw new Stalled(`no answer came for ${STALL_MS / 1000} s`);
    }
  }

  #hear(fd: number): void {
    const length = recv(fd, buffer, MESSAGE_BYTES, MSG_DONTWAIT);
    if (length === -1 && errno() === 'EAGAIN') return;
    if (length <= 0) throw new Stalled('the connection was closed in the middle');
    this.#received[fd] = (this.#received[fd] ?? 0) + length;
    if ((this.#received[fd] ?? 0) < MESSAGE_BYTES) return;
    this.times.add(performance.now() - (this.#askedAt[fd] ?? 0));
    this.ask(fd);
  }
}
