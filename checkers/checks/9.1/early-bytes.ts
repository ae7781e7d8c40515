import type { Check } from '../../harness/check.ts';
import { expectFinished } from '../6.1/finished.ts';

/** Fewer than any buffer holds: the end of the stream is right behind them. */
const EARLY_BYTES = 10_000;
const ANSWER_BYTES = 10_000;
/** How long to wait for the proxy to mishandle them, in ms. */
const WAITING_MS = 100;

export const earlyBytes: Check = {
  id: 'early-bytes',
  title: 'What a client sends before its upstream answers arrives later, and so does its end',
  todos: ['9.1.8', '9.1.2'],
  doc: 'finishconnect',
  hint: [
    'The event of the client came while the handshake was under way. What did your program do then, and what once the handshake was over?',
    'First: mark it EARLY. Then, in finishConnect: relay from the client, certain. If bytes arrive and the end does not, `certain` was false: a short read was taken for all there is.',
    ['  handleClient:  mark it', '  finishConnect: relay what it has said, certain'].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startFullUpstream();
    const program = await harness.startProxy();
    await upstream.fill();
    harness.step(
      `connected a client while the upstream's queue was full; it sent ${EARLY_BYTES.toLocaleString('en-US')} bytes, and finished`,
    );
    const client = await harness.connect();
    const early = harness.payload('early', EARLY_BYTES);
    await client.send(early);
    await client.shutdownWrite();
    await harness.quiet(WAITING_MS);
    harness.expectAlive(program);
    harness.step('emptied the queue: the handshake succeeds when the kernel repeats it');
    upstream.drain();
    const peer = await upstream.connection();
    await peer.expect(early);
    await expectFinished(peer);
    const answer = harness.payload('answer', ANSWER_BYTES);
    await Promise.all([peer.send(answer), client.expect(answer)]);
    peer.shutdownWrite();
    await expectFinished(client);
    harness.expectAlive(program);
  },
};
