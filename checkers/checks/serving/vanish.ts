/** A client that resets its connection. */
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { SLOW_BUFFER, SLOW_START_MS } from '../bulk.ts';
import { letters } from '../line.ts';

/** Enough bytes of answers that the server is blocked in send() when the reset arrives. */
const LINES = 800;
const LINE_LENGTH = 8000;

/** A client in the middle of a line: the server's recv() fails. */
export async function vanishInALine(client: Peer): Promise<void> {
  await client.send(Buffer.from('half a line'));
  client.reset();
}

/** A client that has not read its answers: the server's send() fails. */
export async function vanishUnread(harness: Harness): Promise<void> {
  const client = await harness.connect(SLOW_BUFFER);
  client.pause();
  const line = `${letters(harness, 'never read', LINE_LENGTH)}\n`;
  const sent = client.send(Buffer.from(line.repeat(LINES)));
  await harness.quiet(SLOW_START_MS);
  client.reset();
  await sent;
}
