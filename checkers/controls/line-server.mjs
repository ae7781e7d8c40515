/** A correct line server on node:net: many clients, each with its own partial line. */
import { createServer } from 'node:net';

createServer((client) => {
  let begun = '';
  client.on('data', (bytes) => {
    const lines = (begun + bytes.toString('latin1')).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) client.write(Buffer.from(`${[...line].reverse().join('')}\n`, 'latin1'));
  });
  client.on('error', () => {});
}).listen(Number(process.env.PORT), '127.0.0.1');
