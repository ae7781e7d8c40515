import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { type Peer, STALL_MS } from '../../harness/peer.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, SLOW_START_MS, sendUntilHeld } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const SENT = 8 * MEBIBYTE;
/**
 * The reader pauses after this many bytes. The rest is more than a send buffer holds, so the proxy has to wait, and small
 * enough for the end of the stream to reach the proxy meanwhile.
 */
const READ_AT_ONCE = 3 * MEBIBYTE;

/** Bytes per send to a reader that reads nothing yet, small enough for a small buffer; and the most in all. */
const PIECE = 16 * 1024;
const MOST = 32 * MEBIBYTE;

export const lastBytes: Check = {
  id: 'last-bytes',
  title: 'The upstream answers with 8 MiB and closes: a slow client gets all of it, and then the end',
  todos: ['5.2.3', '5.2.2', '5.1.6'],
  doc: 'flush',
  hint: [
    'The upstream has closed. How much of its answer is still with you?',
    'Perhaps a rest in waiting, and perhaps megabytes in the kernel that you have not read yet. Both come before the end: recv answers 0 only when all before it was read, and you read only when nothing waits. So the 0 comes last by itself, and then the client has to be closed.',
    ['  // recv answers 0 -> false -> closePair, and not one event earlier'].join('\n'),
  ],
  needs: ['paces-down'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const down = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step('had the upstream send 8 MiB and close, to a client that reads slowly');
    await sendAndClose(harness, down.upstream, down.client);
    await down.client.expectEnd('client-not-closed', 'when all had arrived');
    const up = await connectPair(harness, upstream);
    harness.step('had a client send 8 MiB and close, to an upstream that reads slowly');
    await sendAndClose(harness, up.client, up.upstream);
    await up.upstream.expectEnd('upstream-not-closed', 'when all had arrived');
    const held = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step(closedWhileHeld(held.upstream.name, held.client.name));
    await closeWhileHeld(harness, held.upstream, held.client);
    await held.client.expectEnd('client-not-closed', 'when all had arrived');
    const heldUp = await connectPair(harness, upstream);
    harness.step(closedWhileHeld(heldUp.client.name, heldUp.upstream.name));
    await closeWhileHeld(harness, heldUp.client, heldUp.upstream);
    await heldUp.upstream.expectEnd('upstream-not-closed', 'when all had arrived');
    harness.expectAlive(program);
  },
};

/** One side sends and closes, the other reads slowly. */
async function sendAndClose(harness: Harness, from: Peer, to: Peer): Promise<void> {
  const bytes = harness.payload(`${from.name} sends`, SENT);
  const sent = from.send(bytes).then(() => from.close());
  await harness.waiting.soon(() => to.receivedBytes >= READ_AT_ONCE, STALL_MS);
  to.pause();
  await harness.quiet(SLOW_START_MS);
  to.resume(SLOW_PACE);
  await to.expect(bytes);
  await sent;
}

/**
 * One side sends until bytes wait in the proxy's own memory, so that the proxy can still see the end behind them, and
 * closes; the other reads nothing until then. A proxy that reads only when nothing waits sees the end later, which is fine.
 */
async function closeWhileHeld(harness: Harness, from: Peer, to: Peer): Promise<void> {
  to.pause();
  const piece = (index: number): Buffer => harness.payload(`${from.name} sends, ${index}`, PIECE);
  const pieces = await sendUntilHeld(harness, from, to, piece, MOST);
  const sent = from.shutdownWrite().then(() => from.close());
  await harness.quiet(SLOW_START_MS);
  to.resume(SLOW_PACE);
  for (let index = 0; index < pieces; index += 1) await to.expect(piece(index));
  await sent;
}

function closedWhileHeld(sender: string, reader: string): string {
  return `had ${sender} send until the proxy had bytes that ${reader} had no room for, and close; then ${reader} read slowly`;
}
