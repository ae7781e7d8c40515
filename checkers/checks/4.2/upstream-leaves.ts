import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { LATE_MS, MEBIBYTE, SLOW_BUFFER, SLOW_PACE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const upstreamLeaves: Check = {
  id: 'upstream-leaves',
  title: text.checks.stage4.upstreamLeavesTitle,
  todos: ['4.2.8', '4.2.7'],
  doc: 'closepair',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const leaving = await connectPair(lab, upstream, SLOW_BUFFER);
    const staying = await connectPair(lab, upstream);
    const bytes = lab.payload('whole answer', MEBIBYTE);
    lab.step(text.checks.stage4.connectedTwoClientsUpstream);
    // The client reads slowly, so that the upstream is gone while its bytes are still in transit.
    leaving.client.pause();
    const sent = leaving.upstream.send(bytes).then(() => leaving.upstream.close());
    await lab.quiet(LATE_MS);
    leaving.client.resume(SLOW_PACE);
    await Promise.all([sent, leaving.client.expect(bytes)]);
    await leaving.client.expectEnd('client-not-closed', text.checks.stage4.afterUpstreamClosed);
    await leaving.client.expectSilence(0);
    leaving.client.close();
    lab.step(text.checks.stage4.exchangedLineEachWay);
    await exchange(lab, staying, 'client 2');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
