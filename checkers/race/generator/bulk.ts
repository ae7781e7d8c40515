/** Bulk throughput: receives from the upstream as fast as possible. */

import { close, EPOLLIN, EPOLLOUT, errno, MSG_DONTWAIT, recv, send } from '#linux';
import { type Answer, FLOOD, MESSAGE_BYTES, type Order, STALL_MS, startMs } from './orders.ts';
import { connectTo, Poll, Stalled } from './sockets.ts';

const buffer = Buffer.alloc(1024 * 1024);
const request = Buffer.alloc(MESSAGE_BYTES, FLOOD);

export function bulk({ port, streams, ms }: Extract<Order, { kind: 'bulk' }>): Answer {
  const poll = new Poll();
  const fds = Array.from({ length: streams }, () => connectTo(port));
  try {
    for (const fd of fds) requestBytes(fd);
    for (const fd of fds) poll.add(fd, EPOLLIN);
    const start = performance.now();
    const early = takeUntil(poll, start + startMs(ms));
    const from = performance.now();
    const count = takeUntil(poll, from + ms);
    return { ms: performance.now() - from, count, total: early + count };
  } finally {
    for (const fd of fds) close(fd);
    poll.close();
  }
}

function requestBytes(fd: number): void {
  const poll = new Poll();
  poll.add(fd, EPOLLOUT);
  if (poll.wait(STALL_MS, () => {}) === 0) throw new Stalled(`a client could not connect within ${STALL_MS / 1000} s`);
  poll.close();
  if (send(fd, request, request.length, MSG_DONTWAIT) === -1) throw new Stalled(`a client could not send: ${errno()}`);
}

function takeUntil(poll: Poll, end: number): number {
  let bytes = 0;
  while (performance.now() < end) {
    const count = poll.wait(STALL_MS, (fd) => {
      bytes += take(fd);
    });
    if (count === 0) throw new Stalled(`no byte came for ${STALL_MS / 1000} s`);
  }
  return bytes;
}

function take(fd: number): number {
  const length = recv(fd, buffer, buffer.length, MSG_DONTWAIT);
  if (length > 0) return length;
  if (length === -1 && errno() === 'EAGAIN') return 0;
  throw new Stalled(length === 0 ? 'the connection was closed in the middle' : `the connection broke: ${errno()}`);
}
