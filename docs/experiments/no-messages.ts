/** Three sends, and what a reader gets of them. */
import { close, recv, send } from '#linux';
import { connectedPair, untilReadable } from './pair.ts';

const { client, server } = connectedPair();
for (const piece of ['GET', ' / HT', 'TP']) send(client, Buffer.from(piece), piece.length, 0);
close(client);

untilReadable(server);
const buffer = Buffer.alloc(7);
for (let n = recv(server, buffer, 7, 0); n > 0; n = recv(server, buffer, 7, 0)) {
  console.log(`recv returns ${n}: '${buffer.toString('utf8', 0, n)}'`);
}
console.log('recv returns 0: the end of the stream');
