// @ts-check
/** A correct proxy on node:net: with other sockets, buffers and event loop, it has to pass too. */
import { connect, createServer } from 'node:net';

const port = Number(process.env.PORT ?? 8080);
const upstreamPort = Number(process.env.UPSTREAM_PORT ?? 3000);

const server = createServer((client) => {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1' });
  client.pipe(upstream);
  upstream.pipe(client);
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.end());
  upstream.on('close', () => client.end());
});
server.listen(port);
