/** Idle connections: opened, tried once with one message to and fro, and then held in silence. */

import { close, EPOLLIN, errno, MSG_DONTWAIT, recv, send } from '#linux';
import { type Answer, ECHO, MESSAGE_BYTES, type Order, STALL_MS } from './orders.ts';
import { connectTo, Poll, Stalled } from './sockets.ts';

const message = Buffer.alloc(MESSAGE_BYTES, ECHO);
const buffer = Buffer.alloc(MESSAGE_BYTES);
/** Maximum number of concurrent handshakes: fewer than the backlog of any proxy. */
const BATCH = 64;
/** Timeout for all, in ms. */
const PATIENCE_MS = 15_000;

/** The open connections; there is one proxy at a time. */
const held: number[] = [];

export function idle({ port, connections }: Extract<Order, { kind: 'idle' }>): Answer {
  const start = performance.now();
  if (connections < held.length) for (const fd of held.splice(0)) close(fd);
  while (held.length < connections) {
    const batch = Array.from({ length: Math.min(BATCH, connections - held.length) }, () => connectTo(port));
    held.push(...batch);
    tryEach(batch);
    if (performance.now() - start > PATIENCE_MS) throw new Stalled(`opening took more than ${PATIENCE_MS / 1000} s`);
  }
  return { ms: performance.now() - start, count: held.length, total: held.length };
}

/** Verifies that the proxy has not accepted and then dropped the connection. */
function tryEach(batch: number[]): void {
  const poll = new Poll();
  const waiting = new Set(batch);
  try {
    for (const fd of batch) {
      if (send(fd, message, MESSAGE_BYTES, MSG_DONTWAIT) === -1) throw new Stalled(`the connection broke: ${errno()}`);
      poll.add(fd, EPOLLIN);
    }
    while (waiting.size > 0) {
      const count = poll.wait(STALL_MS, (fd) => hear(fd, waiting));
      if (count === 0) throw new Stalled(`no answer came for ${STALL_MS / 1000} s`);
    }
  } finally {
    poll.close();
  }
}

function hear(fd: number, waiting: Set<number>): void {
  const length = recv(fd, buffer, MESSAGE_BYTES, MSG_DONTWAIT);
  if (length > 0) waiting.delete(fd);
  else if (length === 0 || errno() !== 'EAGAIN') throw new Stalled('the proxy closed it');
}
