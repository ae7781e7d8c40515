/** A client that breaks its connection off. */
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { SLOW_BUFFER, SLOW_START_MS } from '../bulk.ts';
import { letters } from '../line.ts';

/** So many bytes of answers that the server waits in send() for room when the reset comes. */
const LINES = 800;
const LINE_LENGTH = 8000;

/** A client in the middle of a line: the server's recv() fails. */
export async function vanishInALine(client: Peer): Promise<void> {
  await client.send(Buffer.from('half a line'));
  client.reset();
}

/** A client that has not read its answers: the server's send() fails. */
export async function vanishUnread(lab: Lab): Promise<void> {
  const client = await lab.connect(SLOW_BUFFER);
  client.pause();
  const line = `${letters(lab, 'never read', LINE_LENGTH)}\n`;
  const sent = client.send(Buffer.from(line.repeat(LINES)));
  await lab.quiet(SLOW_START_MS);
  client.reset();
  await sent;
}
