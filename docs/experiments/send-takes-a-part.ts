/** Offers 8 MiB to a peer that does not read: how much of it send() takes, and what becomes of the rest. */
import { errno, MSG_DONTWAIT, recv, send } from '#linux';
import { connectedPair } from './pair.ts';

const MESSAGE = Buffer.alloc(8 * 1024 * 1024);
const { client, server } = connectedPair();

const taken = send(client, MESSAGE, MESSAGE.length, MSG_DONTWAIT);
console.log(
  `offered ${MESSAGE.length} bytes: ${taken < MESSAGE.length ? 'some were taken, not all' : 'all were taken'}`,
);

let written = taken;
for (let n = 0; n !== -1; n = send(client, MESSAGE.subarray(written), MESSAGE.length - written, MSG_DONTWAIT))
  written += n;
console.log(`offered the rest: in the end -1, ${errno()}`);

const buffer = Buffer.alloc(1024 * 1024);
let read = 0;
while (read < written) read += recv(server, buffer, buffer.length, 0);
const more = send(client, MESSAGE.subarray(written), MESSAGE.length - written, MSG_DONTWAIT);
console.log(`the peer has read all that was taken: ${more > 0 ? 'there is room again' : 'still no room'}`);
