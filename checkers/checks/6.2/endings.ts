/** Every way in which a connection can end, many times each; no descriptor may leak. */
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSocketsGone } from '../sockets.ts';

/** Pairs that end in the same way at once. They are accepted in the order in which they connected. */
const WAVE = 50;
/** Rounds of each ending: ten endings, 2,000 pairs. */
const ROUNDS = 4;
/** A correct program that starts a process for each client may take 10 ms for each, and more on a busy machine. */
const SECONDS = 120;

const bytes = Buffer.alloc(2000, 'x');

/** How one pair of a wave ends. */
const ways: Record<string, (client: Peer, upstream: Peer) => void> = {
  clientCloses: (client) => client.close(),
  upstreamCloses: (_client, upstream) => upstream.close(),
  clientFinishesFirst: (client, upstream) => [client.shutdownWrite(), upstream.shutdownWrite()],
  upstreamFinishesFirst: (client, upstream) => [upstream.shutdownWrite(), client.shutdownWrite()],
  finishesAndGoesOn: (client, upstream) => [client.shutdownWrite(), upstream.send(bytes), upstream.shutdownWrite()],
  bothClose: (client, upstream) => [client.close(), upstream.close()],
  clientResets: (client) => client.reset(),
  upstreamResets: (_client, upstream) => upstream.reset(),
  resetsBehindBytes: (client) => [client.send(bytes), client.reset()],
  closesWithBytesUnread: (client, upstream) => [client.pause(), upstream.send(bytes), client.close()],
};

async function endWave(
  harness: Harness,
  upstream: Upstream,
  end: (client: Peer, upstream: Peer) => void,
): Promise<void> {
  const before = upstream.connections.length;
  const clients: Peer[] = [];
  for (let index = 0; index < WAVE; index += 1) clients.push(await harness.connect());
  await upstream.expectConnections(before + WAVE);
  const others = upstream.connections.slice(before);
  clients.forEach((client, index) => {
    const other = others[index];
    if (other !== undefined) end(client, other);
  });
  for (const other of others)
    if (!other.closed) await other.expectEnd('upstream-not-closed', 'when its client is gone');
  for (const client of clients)
    if (!client.closed) await client.expectEnd('client-not-closed', 'when its upstream connection is gone');
  for (const peer of [...clients, ...others]) peer.close();
}

/** Clients that never got an upstream connection end, too. */
async function refuseWave(harness: Harness): Promise<void> {
  const clients: Peer[] = [];
  for (let index = 0; index < WAVE; index += 1) clients.push(await harness.connect());
  for (const client of clients) {
    await client.expectEnd('client-kept', 'when the upstream refuses its connection');
    client.close();
  }
}

export const endings = endingsIn(ROUNDS);

/** Makes the check with this many rounds. */
export function endingsIn(rounds: number): Check {
  return {
    id: 'endings',
    title: `${(Object.keys(ways).length * WAVE * rounds).toLocaleString('en-US')} connections that end in every possible way leave nothing behind`,
    todos: ['6.2.2', '6.2.1', '6.1.4'],
    doc: 'resetpair',
    hint: [
      'After many endings sockets are left. Which way of ending left them, and which line of yours did not run?',
      'Every ending has to lead to closePair exactly once: both finished, in either order; a reset; a time that is up. And closePair has to forget everything that was noted about the two numbers.',
      [
        '  // closePair: connecting, lastActive, waiting, ended, detached',
        '  // both lists, the table, and the two sockets',
      ].join('\n'),
    ],
    needs: ['client-reset', 'upstream-reset'],
    seconds: SECONDS,
    async run(harness) {
      const upstream = await harness.startUpstream();
      const program = await harness.startProxy();
      const staying = await connectPair(harness, upstream);
      const before = program.socketCount() ?? 0;
      harness.step(
        `ended pairs in ${Object.keys(ways).length} ways, ${WAVE} at a time, in ${rounds} rounds; counted sockets after each wave`,
      );
      for (let round = 0; round < rounds; round += 1) {
        for (const end of Object.values(ways)) {
          await endWave(harness, upstream, end);
          await expectSocketsGone(harness, program, before);
        }
      }
      await exchange(harness, staying, 'client 1');
      harness.step(
        `had the upstream die, and connected ${WAVE} clients whose upstream connections were refused; started it again`,
      );
      upstream.die();
      await refuseWave(harness);
      await expectSocketsGone(harness, program, before);
      const again = await harness.startUpstream();
      await exchange(harness, await connectPair(harness, again), 'the last client');
      harness.expectAlive(program);
    },
  };
}
