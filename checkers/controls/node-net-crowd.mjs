// @ts-check
/** A correct proxy on node:net for many clients: survives running out of descriptors, and shuts down gracefully on SIGTERM. */
import { connect, createServer } from 'node:net';

const port = Number(process.env.PORT ?? 8080);
const upstreamPort = Number(process.env.UPSTREAM_PORT ?? 3000);

const server = createServer({ allowHalfOpen: true }, (client) => {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1', allowHalfOpen: true });
  client.pipe(upstream);
  upstream.pipe(client);
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
});
// Out of descriptors: libuv drops pending connections, and Node reports it here.
server.on('error', (error) => console.error(error.message));
server.listen({ port, backlog: 4096 });
// Node exits when the last connection is closed.
process.on('SIGTERM', () => server.close());
