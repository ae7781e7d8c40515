// @ts-check
/** A correct proxy on node:net with several upstreams: distributes clients, skips dead upstreams, and reports their status. */
import { connect, createServer } from 'node:net';

const port = Number(process.env.PORT ?? 8080);
const ports = (process.env.UPSTREAM_PORTS ?? process.env.UPSTREAM_PORT ?? '3000').split(',').map(Number);
const connectMs = Number(process.env.CONNECT_TIMEOUT_MS ?? 5000);
const retryMs = Number(process.env.RETRY_AFTER_MS ?? 2000);
const fewest = process.env.BALANCE === 'least-connections';

const upstreams = ports.map((number) => ({ port: number, open: 0, total: 0, failed: 0, downUntil: 0 }));
/** The next upstream is first. */
const order = [...upstreams];

/** @typedef {typeof upstreams[number]} Upstream */

/** @param {Set<Upstream>} tried */
function choose(tried) {
  const left = order.filter((upstream) => !tried.has(upstream));
  const up = left.filter(({ downUntil }) => downUntil <= Date.now());
  const candidates = up.length > 0 ? up : left;
  const least = Math.min(...candidates.map(({ open }) => open));
  const chosen = candidates.find(({ open }) => !fewest || open === least);
  if (chosen !== undefined) order.push(...order.splice(0, order.indexOf(chosen) + 1));
  return chosen;
}

/**
 * @param {import('node:net').Socket} client
 * @param {Set<Upstream>} tried
 */
function link(client, tried) {
  const upstream = choose(tried);
  if (upstream === undefined) {
    client.destroy();
    return;
  }
  tried.add(upstream);
  upstream.open += 1;
  const socket = connect({ port: upstream.port, host: '127.0.0.1', allowHalfOpen: true });
  const timer = setTimeout(() => socket.destroy(new Error('the handshake takes too long')), connectMs);
  socket.once('close', () => {
    upstream.open -= 1;
  });
  const failed = () => {
    clearTimeout(timer);
    upstream.failed += 1;
    upstream.downUntil = Date.now() + retryMs;
    if (!client.destroyed) link(client, tried);
  };
  socket.once('error', failed);
  socket.once('connect', () => {
    clearTimeout(timer);
    upstream.total += 1;
    upstream.downUntil = 0;
    socket.off('error', failed);
    socket.on('error', () => client.destroy());
    client.on('error', () => socket.destroy());
    if (client.destroyed) socket.destroy();
    client.pipe(socket);
    socket.pipe(client);
  });
}

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  client.on('error', () => {});
  link(client, new Set());
});
server.on('error', (error) => console.error(error.message));
server.listen({ port, backlog: 4096 });

const status = createServer((curious) => {
  const told = upstreams.map((one) => {
    const state = one.downUntil === 0 ? 'up' : 'down';
    return `${one.port} ${state} open=${one.open} total=${one.total} failed=${one.failed}`;
  });
  curious.on('error', () => {});
  curious.end(`${told.join('; ')}\n`);
});
status.listen(Number(process.env.STATUS_PORT ?? 8081), '127.0.0.1');

// Node exits when the last connection is closed.
process.on('SIGTERM', () => {
  server.close();
  status.close();
});
