import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, SLOW_START_MS } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const slowClient: Check = {
  id: 'slow-client',
  title: text.checks.stage4.slowClientTitle,
  todos: ['4.2.5', '4.2.7'],
  doc: 'sendall',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream, SLOW_BUFFER);
    const bytes = lab.payload('download', 10 * MEBIBYTE);
    lab.step(text.checks.stage4.sentMiBClientReads);
    pair.client.pause();
    const sent = pair.upstream.send(bytes);
    await lab.quiet(SLOW_START_MS);
    await lab.interrupt(program);
    pair.client.resume(SLOW_PACE);
    await pair.client.expect(bytes);
    await sent;
    lab.expectAlive(program);
  },
};
