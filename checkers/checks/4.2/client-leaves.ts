import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { LATE_MS, MEBIBYTE, SLOW_BUFFER, SLOW_PACE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const clientLeaves: Check = {
  id: 'client-leaves',
  title: text.checks.stage4.clientLeavesTitle,
  todos: ['4.2.8', '4.2.6'],
  doc: 'closepair',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const leaving = await connectPair(lab, upstream);
    const staying = await connectPair(lab, upstream);
    const bytes = lab.payload('last words', MEBIBYTE);
    lab.step(text.checks.stage4.connectedTwoClientsFirst);
    // The upstream reads slowly, so that the client is gone while its bytes are still in transit.
    leaving.upstream.pause();
    const sent = leaving.client.send(bytes).then(() => leaving.client.close());
    await lab.quiet(LATE_MS);
    leaving.upstream.resume(SLOW_PACE);
    await Promise.all([sent, leaving.upstream.expect(bytes)]);
    await leaving.upstream.expectEnd('upstream-not-closed', text.checks.stage4.afterClientLeft);
    await leaving.upstream.expectSilence(0);
    leaving.upstream.close();
    lab.step(text.checks.stage4.exchangedLineEachWay);
    await exchange(lab, staying, 'client 2');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
