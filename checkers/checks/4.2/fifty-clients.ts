import { type Check, CheckFailure } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Upstream } from '../../lab/upstream.ts';
import { text } from '../../messages/index.ts';

const CLIENTS = 50;
/** So many knock at the same instant: a short listen queue is no mistake, and costs seconds when more do. */
const WAVE = 5;
const TAG = 32;
const REST = 4000;

export const fiftyClients: Check = {
  id: 'fifty-clients',
  title: text.checks.stage4.fiftyClientsTitle(CLIENTS),
  todos: ['4.2.3', '4.2.4', '4.1.5'],
  doc: 'findmatchingupstream-and-findmatchingconn',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage4.connectedClientsAtTime(CLIENTS, WAVE));
    const clients: Peer[] = [];
    while (clients.length < CLIENTS) {
      clients.push(...(await Promise.all(Array.from({ length: WAVE }, () => lab.connect()))));
      await upstream.expectConnections(clients.length);
    }
    lab.step(text.checks.stage4.letEachClientSay);
    await Promise.all(clients.map((client) => client.send(tagOf(lab, client))));
    const partner = await identify(lab, upstream, clients);
    lab.step(text.checks.stage4.letEachClientSend);
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
      ? text.checks.stage4.nothingCame(peer.name)
      : got < TAG
        ? text.checks.stage4.onlyBytesOneClient(got, TAG, peer.name)
        : got > TAG
          ? text.checks.stage4.bytesMoreThanOne(peer.name)
          : text.checks.stage4.bytesAreNotThose(TAG, peer.name);
  return new CheckFailure({
    symptom: got === 0 || got < TAG ? 'missing-bytes' : 'crossed',
    expected: text.checks.stage4.eachUpstreamConnectionsCome(CLIENTS, TAG),
    observed,
  });
}

async function converse(lab: Lab, client: Peer, peer: Peer): Promise<void> {
  const up = lab.payload(`${client.name} sends`, REST);
  const down = lab.payload(`${client.name} receives`, REST);
  await Promise.all([client.send(up), peer.expect(up)]);
  await Promise.all([peer.send(down), client.expect(down)]);
}
