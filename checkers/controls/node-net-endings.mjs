// @ts-check
/** A correct proxy on node:net that passes on half-closes, and resets as far as Node reports them, and has limits. */
import { connect, createServer } from 'node:net';

const port = Number(process.env.PORT ?? 8080);
const upstreamPort = Number(process.env.UPSTREAM_PORT ?? 3000);
const connectMs = Number(process.env.CONNECT_TIMEOUT_MS ?? 5000);
const idleMs = Number(process.env.IDLE_TIMEOUT_MS ?? 600_000);

/** @typedef {import('node:net').Socket} Socket */

/**
 * Closes a pair after the idle timeout.
 *
 * @param {Socket[]} pair
 */
function watchSilence(pair) {
  let last = performance.now();
  const touch = () => {
    last = performance.now();
  };
  for (const socket of pair) socket.on('data', touch);
  const look = () => {
    const left = last + idleMs - performance.now();
    if (left > 0) timer = setTimeout(look, left + 1);
    else for (const socket of pair) socket.destroy();
  };
  let timer = setTimeout(look, idleMs);
  for (const socket of pair) socket.on('close', () => pair.every(({ destroyed }) => destroyed) && clearTimeout(timer));
}

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1', allowHalfOpen: true });
  const pair = [client, upstream];
  const timer = setTimeout(() => {
    for (const socket of pair) socket.destroy();
  }, connectMs);
  const resetBoth = () => {
    for (const socket of pair) socket.resetAndDestroy();
  };
  for (const socket of pair) socket.on('error', resetBoth);
  upstream.once('close', () => clearTimeout(timer));
  upstream.once('connect', () => {
    clearTimeout(timer);
    watchSilence(pair);
    client.pipe(upstream);
    upstream.pipe(client);
  });
});
server.listen({ port, backlog: 4096 });
