import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { exchange } from '../pair.ts';

const CLIENTS = 50;
const TAG = 32;
const REST = 4000;

export const fiftyClients: Check = {
  id: 'fifty-clients',
  title: `${CLIENTS} clients at once, each with its own bytes: none are crossed`,
  todos: ['4.2.3', '4.2.4', '4.1.5'],
  doc: 'findmatchingupstream-and-findmatchingconn',
  hint: [
    'With fifty clients there are fifty rows. Does each look-up find the row of the socket it was given, or just any row?',
    'The socket of the event decides, and nothing else: not the newest client, not the first row, not a variable that holds one client. Look for the row whose half equals the socket (three equal signs, numbers with numbers), and answer with the other half of the same row.',
    [
      '  // in: the socket that the event is about',
      '  // for each row: is this half the one? then the other half is the answer',
      "  // no row: -1, and never another client's",
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(`connected ${CLIENTS} clients, one after the other, and kept them all`);
    const clients: Peer[] = [];
    while (clients.length < CLIENTS) {
      clients.push(await harness.connect());
      // One at a time: a short backlog is no mistake here, and other checks connect several clients at once.
      await upstream.expectConnections(clients.length);
    }
    harness.step('let each client say which one it is, all at once');
    // All at once, independent of the scheduler: one epoll_wait() then reports as many as the program asks for.
    await harness.whileStopped(program, async () => {
      await Promise.all(clients.map((client) => client.send(tagOf(harness, client))));
    });
    const partner = await identify(harness, upstream, clients);
    harness.step('let each client send its own bytes, and each upstream connection answer with others');
    await Promise.all([...partner].map(([client, peer]) => converse(harness, client, peer)));
    await inOneBatch(harness, upstream, program, [...partner]);
    harness.expectAlive(program);
  },
};

/** The first bytes that a client sends, unique to this client. */
function tagOf(harness: Harness, client: Peer): Buffer {
  return harness.payload(`tag of ${client.name}`, TAG);
}

/** Maps clients to upstream connections by the bytes that arrived on them. */
async function identify(harness: Harness, upstream: Upstream, clients: Peer[]): Promise<Map<Peer, Peer>> {
  const complete = (peer: Peer): boolean => peer.unreadBytes >= TAG;
  await harness.waiting.soon(() => upstream.connections.every(complete), 5000);
  const owner = new Map(clients.map((client) => [tagOf(harness, client).toString('hex'), client]));
  const partner = new Map<Peer, Peer>();
  for (const peer of upstream.connections) {
    const client = owner.get(peer.peek(TAG).toString('hex'));
    if (client === undefined || peer.unreadBytes !== TAG) throw crossed(peer);
    await peer.expect(tagOf(harness, client));
    partner.set(client, peer);
  }
  return partner;
}

function crossed(peer: Peer): CheckFailure {
  const got = peer.unreadBytes;
  const observed =
    got === 0
      ? `nothing came on ${peer.name}`
      : got < TAG
        ? `only ${got} of the ${TAG} bytes of one client came on ${peer.name}`
        : got > TAG
          ? `bytes of more than one client came on ${peer.name}`
          : `the ${TAG} bytes on ${peer.name} are not those of any one client`;
  return new CheckFailure({
    symptom: got === 0 || got < TAG ? 'missing-bytes' : 'crossed',
    expected: `each of the ${CLIENTS} upstream connections brings the ${TAG} bytes of one client`,
    observed,
  });
}

/** Bytes and a new client at once: epoll reports both in one batch, and later only one of them. */
async function inOneBatch(
  harness: Harness,
  upstream: Upstream,
  program: Program,
  pairs: [Peer, Peer][],
): Promise<void> {
  const [first, second] = pairs;
  if (first === undefined || second === undefined) return;
  harness.step(
    `let ${first[0].name} send a line at the moment when one more client connected, then exchanged lines with the earlier clients`,
  );
  const line = harness.message(`${first[0].name} while another client connects`);
  await harness.whileStopped(program, async () => {
    await first[0].send(line);
    await harness.connect();
  });
  await Promise.all([first[1].expect(line), upstream.expectConnections(CLIENTS + 1)]);
  for (const [client, peer] of [second, first]) await exchange(harness, { client, upstream: peer }, client.name);
}

async function converse(harness: Harness, client: Peer, peer: Peer): Promise<void> {
  const up = harness.payload(`${client.name} sends`, REST);
  const down = harness.payload(`${client.name} receives`, REST);
  await Promise.all([client.send(up), peer.expect(up)]);
  await Promise.all([peer.send(down), client.expect(down)]);
}
