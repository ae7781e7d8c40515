/** Finds the upstream connection of each of many clients that connect at once, by the bytes that arrive on it. */
import { CheckFailure } from '../contract/check.ts';
import type { Harness } from '../harness/harness.ts';
import type { Peer } from '../harness/peer.ts';
import type { Upstream } from '../harness/upstream.ts';
import type { Waited } from '../harness/waiting.ts';
import type { Pair } from './pair.ts';

/** Length of the bytes that identify a client. */
const TAG = 32;
/** How long no client's tag may arrive, in ms. */
const STALL_MS = 5000;

/** Connects clients in waves, and keeps them all. */
export async function gather(harness: Harness, upstream: Upstream, clients: number, wave: number): Promise<Peer[]> {
  const before = upstream.connections.length;
  const peers: Peer[] = [];
  while (peers.length < clients) {
    const more = Math.min(wave, clients - peers.length);
    peers.push(...(await Promise.all(Array.from({ length: more }, () => harness.connect()))));
    await upstream.expectConnections(before + peers.length);
  }
  return peers;
}

/**
 * Lets each client send its tag, and finds its upstream connection by that.
 *
 * @param connections the upstream connections to search
 * @throws CheckFailure when one brings anything but the tag of one client
 */
export async function pairByTags(harness: Harness, clients: Peer[], connections: Peer[]): Promise<Pair[]> {
  const owner = new Map(clients.map((client) => [tagOf(harness, client).toString('hex'), client]));
  await Promise.all(clients.map((client) => client.send(tagOf(harness, client))));
  const pairs: Pair[] = [];
  for (const upstream of connections) {
    await untilTagged(harness, upstream);
    const client = owner.get(upstream.peek(TAG).toString('hex'));
    if (client === undefined || upstream.unreadBytes !== TAG) throw wrongTag(upstream);
    await upstream.expect(tagOf(harness, client));
    owner.delete(tagOf(harness, client).toString('hex'));
    pairs.push({ client, upstream });
  }
  return pairs;
}

/** Waits for the tag of one client; the wait goes on as long as other tags arrive. */
async function untilTagged(harness: Harness, upstream: Peer): Promise<void> {
  const { entries } = harness.timeline;
  let waited: Waited = 'yes';
  while (upstream.unreadBytes < TAG && waited === 'yes') {
    const before = entries.length;
    waited = await harness.waiting.soon(() => upstream.unreadBytes >= TAG || entries.length > before, STALL_MS);
  }
}

/** Like `connectPair`, when upstream connections of closed clients may still arrive. */
export async function connectAmongOthers(harness: Harness, upstream: Upstream): Promise<Pair> {
  const client = await harness.connect();
  const tag = tagOf(harness, client);
  await client.send(tag);
  const own = (): Peer | undefined => upstream.connections.find((peer) => peer.peek(TAG).equals(tag));
  await harness.waiting.soon(() => own() !== undefined || client.end !== 'open', 5000);
  const found = own();
  if (found === undefined) throw notServed(client);
  await found.expect(tag);
  return { client, upstream: found };
}

function notServed(client: Peer): CheckFailure {
  const closed = client.end !== 'open';
  return new CheckFailure({
    symptom: closed ? 'client-dropped' : 'client-kept',
    expected: `the bytes of ${client.name} reach the upstream`,
    observed: closed ? 'none came, and its connection was closed' : 'none came',
  });
}

/** The bytes that identify a client. */
export function tagOf(harness: Harness, client: Peer): Buffer {
  return harness.payload(`tag of ${client.name}`, TAG);
}

function wrongTag(peer: Peer): CheckFailure {
  const got = peer.unreadBytes;
  return new CheckFailure({
    symptom: got < TAG ? 'missing-bytes' : 'crossed',
    expected: `on each upstream connection come the ${TAG} bytes of one client`,
    observed:
      got < TAG
        ? `${got} of the ${TAG} bytes of one client came on ${peer.name}`
        : `the bytes on ${peer.name} are not those of any one client`,
  });
}
