import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE } from '../bulk.ts';
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
    const leaving = await connectPair(lab, upstream);
    const staying = await connectPair(lab, upstream);
    const bytes = lab.payload('whole answer', MEBIBYTE);
    lab.step(text.checks.stage4.connectedTwoClientsUpstream);
    await Promise.all([
      leaving.upstream.send(bytes).then(() => leaving.upstream.close()),
      leaving.client.expect(bytes),
    ]);
    await leaving.client.expectEnd('client-not-closed', text.checks.stage4.afterUpstreamClosed);
    await leaving.client.expectSilence(0);
    leaving.client.close();
    lab.step(text.checks.stage4.exchangedLineEachWay);
    await exchange(lab, staying, 'client 2');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
