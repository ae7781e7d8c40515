import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Upstream } from '../../harness/upstream.ts';
import type { Pair } from '../pair.ts';
import { tagOf } from '../tags.ts';
import { carryBulk } from './bulk.ts';

/** A limit for descriptors: a program needs some two dozen for itself and two for each client. */
const LIMIT = 70;
const CLIENTS = 60;
const MEBIBYTES = 3;
/** How long the first client may wait to be accepted, in ms. */
const LET_IN_MS = 5000;

/** An accepted client with its upstream connection, identified by the bytes that it sent. */
async function letIn(harness: Harness, upstream: Upstream, clients: Peer[]): Promise<Pair> {
  const find = (): Pair | undefined => {
    for (const client of clients) {
      const peer = upstream.connections.find((one) =>
        one.peek(tagOf(harness, client).length).equals(tagOf(harness, client)),
      );
      if (peer !== undefined && client.end === 'open') return { client, upstream: peer };
    }
    return undefined;
  };
  await upstream.expectConnections(1);
  await harness.waiting.soon(() => find() !== undefined, LET_IN_MS);
  const pair = find() ?? { client: clients[0] as Peer, upstream: await upstream.connection(1) };
  await pair.upstream.expect(tagOf(harness, pair.client));
  return pair;
}

export const noPipesLeft: Check = {
  id: 'no-pipes-left',
  title: 'No descriptors are left for pipes: bytes arrive all the same',
  todos: ['9.2.2', '9.2.1'],
  doc: 'createpipe',
  hint: [
    'pipe2 says EMFILE. What is lost by that?',
    'Nothing but speed: the buffer is still there. So createPipe returns undefined, takePipe false, and moveBytes goes on as in milestone 1.',
    '  if (pipe2(…) === -1) return undefined;',
  ],
  needs: ['bulk'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy({}, LIMIT);
    harness.step(`connected a client, and then ${CLIENTS} more, for which there are not enough descriptors`);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()));
    for (const client of clients) void client.send(tagOf(harness, client));
    const { client, upstream: peer } = await letIn(harness, upstream, clients);
    await harness.settle(program);
    harness.step(`sent ${MEBIBYTES} MiB to one of the accepted clients, and ${MEBIBYTES} MiB from it`);
    await carryBulk(harness, peer, client, 'down', MEBIBYTES);
    await carryBulk(harness, client, peer, 'up', MEBIBYTES);
    harness.expectAlive(program);
  },
};
