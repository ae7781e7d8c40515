/** A client and the upstream connection that the proxy opened for it. */
import type { Harness } from '../harness/harness.ts';
import type { Peer } from '../harness/peer.ts';
import type { Upstream } from '../harness/upstream.ts';

export interface Pair {
  client: Peer;
  upstream: Peer;
}

/**
 * Connects a client and waits for its upstream connection. Only while no other client connects: the next connection that
 * the upstream accepts counts as this client's. A check that depends on it verifies it with bytes.
 */
export async function connectPair(harness: Harness, upstream: Upstream, receiveBuffer?: number): Promise<Pair> {
  const number = upstream.connections.length + 1;
  const client = await harness.connect(receiveBuffer);
  return { client, upstream: await upstream.connection(number) };
}

/** Sends a line each way and makes sure that both arrive as they were sent, and nothing else. */
export async function exchange(harness: Harness, pair: Pair, label: string): Promise<void> {
  const question = harness.message(`${label} asking`);
  const answer = harness.message(`upstream answering ${label}`);
  await Promise.all([pair.client.send(question), pair.upstream.expect(question)]);
  await Promise.all([pair.upstream.send(answer), pair.client.expect(answer)]);
}
