/** Clients that close, in different ways. */
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { ask, lineOf } from '../line.ts';

/** The expected reaction of the server is always the same: it closes its end. */
const CLOSED_MS = 3000;

/** Ends the client's direction (FIN) and makes sure that the server closes its own, too. */
export async function leave(client: Peer, when: string): Promise<void> {
  client.shutdownWrite();
  await client.expectEnd('client-not-closed', when, CLOSED_MS);
  client.close();
}

/** A client that connects, gets an answer to one line, and closes in the middle of the next. */
export async function visit(harness: Harness, label: string): Promise<void> {
  const client = await harness.connect();
  await ask(client, lineOf(harness, label));
  await client.send(Buffer.from('half a line'));
  await leave(client, 'after it left in the middle of a line');
}
