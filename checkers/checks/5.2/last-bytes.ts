import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Peer, STALL_MS } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage5.lastBytesTitle,
  todos: ['5.2.3', '5.2.2', '5.1.6'],
  doc: 'flush',
  needs: ['paces-down'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const down = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.answeredAndClosed);
    await sendAndClose(lab, down.upstream, down.client);
    await down.client.expectEnd('client-not-closed', text.checks.stage5.whenAllHadArrived);
    const up = await connectPair(lab, upstream);
    lab.step(text.checks.stage5.uploadedAndClosed);
    await sendAndClose(lab, up.client, up.upstream);
    await up.upstream.expectEnd('upstream-not-closed', text.checks.stage5.whenAllHadArrived);
    const held = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.closedWhileHeld(held.upstream.name, held.client.name));
    await closeWhileHeld(lab, held.upstream, held.client);
    await held.client.expectEnd('client-not-closed', text.checks.stage5.whenAllHadArrived);
    const heldUp = await connectPair(lab, upstream);
    lab.step(text.checks.stage5.closedWhileHeld(heldUp.client.name, heldUp.upstream.name));
    await closeWhileHeld(lab, heldUp.client, heldUp.upstream);
    await heldUp.upstream.expectEnd('upstream-not-closed', text.checks.stage5.whenAllHadArrived);
    lab.expectAlive(program);
  },
};

/** One side sends and closes, the other reads slowly. */
async function sendAndClose(lab: Lab, from: Peer, to: Peer): Promise<void> {
  const bytes = lab.payload(`${from.name} sends`, SENT);
  const sent = from.send(bytes).then(() => from.close());
  await lab.waiting.soon(() => to.receivedBytes >= READ_AT_ONCE, STALL_MS);
  to.pause();
  await lab.quiet(SLOW_START_MS);
  to.resume(SLOW_PACE);
  await to.expect(bytes);
  await sent;
}

/**
 * One side sends until bytes wait in the proxy's own memory, so that the proxy can still see the end behind them, and
 * closes; the other reads nothing until then. A proxy that reads only when nothing waits sees the end later, which is fine.
 */
async function closeWhileHeld(lab: Lab, from: Peer, to: Peer): Promise<void> {
  to.pause();
  const piece = (index: number): Buffer => lab.payload(`${from.name} sends, ${index}`, PIECE);
  const pieces = await sendUntilHeld(lab, from, to, piece, MOST);
  const sent = from.finish().then(() => from.close());
  await lab.quiet(SLOW_START_MS);
  to.resume(SLOW_PACE);
  for (let index = 0; index < pieces; index += 1) await to.expect(piece(index));
  await sent;
}
