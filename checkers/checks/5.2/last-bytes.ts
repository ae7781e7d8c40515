import type { Check } from '../../check.ts';
import { STALL_MS } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, SLOW_START_MS } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const ANSWER = 8 * MEBIBYTE;
/**
 * Then the client rests. What is left is more than a send buffer holds, so the proxy has to wait; and little enough for
 * the end of the stream to reach the proxy meanwhile.
 */
const READ_AT_ONCE = 3 * MEBIBYTE;

export const lastBytes: Check = {
  id: 'last-bytes',
  title: text.checks.stage5.lastBytesTitle,
  todos: ['5.2.3', '5.2.2', '5.1.6'],
  doc: 'flush',
  needs: ['paces-down'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream, SLOW_BUFFER);
    const bytes = lab.payload('answer', ANSWER);
    lab.step(text.checks.stage5.answeredAndClosed);
    const sent = pair.upstream.send(bytes).then(() => pair.upstream.close());
    await lab.waiting.soon(() => pair.client.receivedBytes >= READ_AT_ONCE, STALL_MS);
    pair.client.pause();
    await lab.quiet(SLOW_START_MS);
    pair.client.resume(SLOW_PACE);
    await pair.client.expect(bytes);
    await sent;
    await pair.client.expectEnd('client-not-closed', text.checks.stage5.whenAllHadArrived);
    lab.expectAlive(program);
  },
};
