/** recv() on a connection where nothing has arrived yet, without waiting, and again when something has. */
import { errno, F_GETFL, F_SETFL, fcntl, O_NONBLOCK, recv, send } from '#linux';
import { connectedPair, untilReadable } from './pair.ts';

const { client, server } = connectedPair();
const buffer = Buffer.alloc(64);
fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK);

console.log(`nothing has arrived: recv returns ${recv(server, buffer, 64, 0)}, errno ${errno()}`);
send(client, Buffer.from('hello'), 5, 0);
untilReadable(server);
console.log(`5 bytes have arrived: recv returns ${recv(server, buffer, 64, 0)}`);
