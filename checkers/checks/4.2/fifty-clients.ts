import { type Check, CheckFailure } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Upstream } from '../../lab/upstream.ts';

const CLIENTS = 50;
/** So many knock at the same instant: a short listen queue is no mistake, and costs seconds when more do. */
const WAVE = 5;
const TAG = 32;
const REST = 4000;

export const fiftyClients: Check = {
  id: 'fifty-clients',
  title: `${CLIENTS} clients at once, each with its own bytes: none are crossed`,
  todos: ['4.2.3', '4.2.4', '4.1.5'],
  doc: 'findmatchingupstream-and-findmatchingconn',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(`connected ${CLIENTS} clients, ${WAVE} at a time, and kept them all`);
    const clients: Peer[] = [];
    while (clients.length < CLIENTS) {
      clients.push(...(await Promise.all(Array.from({ length: WAVE }, () => lab.connect()))));
      await upstream.expectConnections(clients.length);
    }
    lab.step('let each client say which one it is, all at once');
    await Promise.all(clients.map((client) => client.send(tagOf(lab, client))));
    const partner = await identify(lab, upstream, clients);
    lab.step('let each client send its own bytes, and each upstream connection answer with others');
    await Promise.all([...partner].map(([client, peer]) => converse(lab, client, peer)));
    lab.expectAlive(program);
  },
};

/** The first bytes that a client sends: nobody else's are like it. */
function tagOf(lab: Lab, client: Peer): Buffer {
  return lab.payload(`tag of ${client.name}`, TAG);
}

/** Which upstream connection belongs to which client, by the bytes that came in on it. */
async function identify(lab: Lab, upstream: Upstream, clients: Peer[]): Promise<Map<Peer, Peer>> {
  const complete = (peer: Peer): boolean => peer.unreadBytes >= TAG;
  await lab.waiting.soon(() => upstream.connections.every(complete), 5000);
  const owner = new Map(clients.map((client) => [tagOf(lab, client).toString('hex'), client]));
  const partner = new Map<Peer, Peer>();
  for (const peer of upstream.connections) {
    const client = owner.get(peer.peek(TAG).toString('hex'));
    if (client === undefined || peer.unreadBytes !== TAG) throw crossed(peer);
    await peer.expect(tagOf(lab, client));
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
    expected: `on each of the ${CLIENTS} upstream connections come the ${TAG} bytes of one client`,
    observed,
  });
}

async function converse(lab: Lab, client: Peer, peer: Peer): Promise<void> {
  const up = lab.payload(`${client.name} sends`, REST);
  const down = lab.payload(`${client.name} receives`, REST);
  await Promise.all([client.send(up), peer.expect(up)]);
  await Promise.all([peer.send(down), client.expect(down)]);
}
