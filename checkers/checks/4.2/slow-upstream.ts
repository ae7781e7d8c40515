import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, SLOW_START_MS } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const slowUpstream: Check = {
  id: 'slow-upstream',
  title: text.checks.stage4.slowUpstreamTitle,
  todos: ['4.2.5', '4.2.6'],
  doc: 'sendall',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    const bytes = lab.payload('upload', 10 * MEBIBYTE);
    lab.step(text.checks.stage4.sentMiBUpstreamReads);
    pair.upstream.pause();
    const sent = pair.client.send(bytes);
    await lab.quiet(SLOW_START_MS);
    await lab.interrupt(program);
    pair.upstream.resume(SLOW_PACE);
    await pair.upstream.expect(bytes);
    await sent;
    lab.expectAlive(program);
  },
};
