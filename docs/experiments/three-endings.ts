/** Three ways for a connection to end, as its other end sees them. */
import { close, errno, recv, SHUT_WR, SO_LINGER, SOL_SOCKET, send, setsockopt, shutdown } from '#linux';
import { connectedPair, untilReadable } from './pair.ts';

const buffer = Buffer.alloc(64);

function received(fd: number): string {
  untilReadable(fd);
  const n = recv(fd, buffer, buffer.length, 0);
  if (n === -1) return `-1, errno ${errno()}`;
  return n === 0 ? '0' : `${n}, '${buffer.toString('utf8', 0, n)}'`;
}

const closed = connectedPair();
send(closed.client, Buffer.from('bye'), 3, 0);
close(closed.client);
console.log(`the client sends and closes:  recv returns ${received(closed.server)}, then ${received(closed.server)}`);

const half = connectedPair();
shutdown(half.client, SHUT_WR);
console.log(`the client shuts down writing: recv returns ${received(half.server)}`);
send(half.server, Buffer.from('the answer'), 10, 0);
console.log(`  and the other way still works: recv returns ${received(half.client)}`);

const reset = connectedPair();
const now = Buffer.alloc(8);
// struct linger { on, seconds }: close() throws away what is unsent and resets the connection.
now.writeInt32LE(1);
setsockopt(reset.client, SOL_SOCKET, SO_LINGER, now);
close(reset.client);
console.log(`the client resets:            recv returns ${received(reset.server)}`);
