/**
 * What it costs to find out whose event it is: with stage 4's lists and with stage 7's maps, their very functions, filled
 * with more and more pairs. With a file's name it writes what it measured there, as JSON, for the picture in the lesson.
 */
import { writeFileSync } from 'node:fs';
import * as lists from '../../solutions/stage-4-tcp-proxy/proxy.ts';
import * as maps from '../../solutions/stage-7-crowds/proxy.ts';

const PAIRS = [10, 100, 500, 1000, 2000, 5000];
const ROUNDS = 7;
const EVENTS = 4000;
/** A proxy's first descriptors are its own. */
const FIRST = 20;

/** Both tables have this many rows from now on. */
function fill(pairs: number): void {
  for (let row = lists.routeTable.length; row < pairs; row += 1) {
    const [conn, upstream] = [FIRST + 2 * row, FIRST + 2 * row + 1];
    lists.connSocks.push(conn);
    lists.upstreamSocks.push(upstream);
    lists.routeTable.push([conn, upstream]);
    maps.routeTable.set(conn, upstream);
    maps.routesBack.set(upstream, conn);
  }
}

/** What loopRun and the handler ask for one event. */
function partnerOf(proxy: typeof lists | typeof maps, fd: number): number {
  if (proxy.isConnSock(fd)) return proxy.findMatchingUpstream(fd);
  return proxy.isUpstreamSock(fd) ? proxy.findMatchingConn(fd) : -1;
}

/** Nanoseconds for one event, the middle one of several rounds; events come from all sockets in turn, in no order. */
function measure(proxy: typeof lists | typeof maps, pairs: number): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    let found = 0;
    for (let event = 0; event < EVENTS; event += 1) {
      found += partnerOf(proxy, FIRST + ((event * 7919) % (2 * pairs))) === -1 ? 0 : 1;
    }
    if (found !== EVENTS) throw new Error('a socket was not found');
    return Number(process.hrtime.bigint() - start) / EVENTS;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

const rows = PAIRS.map((pairs) => {
  fill(pairs);
  return { pairs, lists: Math.round(measure(lists, pairs)), maps: Math.round(measure(maps, pairs)) };
});
console.log('pairs   lists, ns an event   maps, ns an event');
for (const { pairs, lists: slow, maps: fast } of rows) {
  console.log(`${String(pairs).padStart(5)}${String(slow).padStart(21)}${String(fast).padStart(20)}`);
}
const [file] = process.argv.slice(2);
if (file !== undefined) {
  writeFileSync(file, `${JSON.stringify({ node: process.version, machine: process.arch, rows }, null, 2)}\n`);
}
