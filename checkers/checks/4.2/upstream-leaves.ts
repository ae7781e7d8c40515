import type { Check } from '../../check.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const upstreamLeaves: Check = {
  id: 'upstream-leaves',
  title: 'The upstream answers with 1 MiB and closes: all of it arrives, then the client is closed',
  todos: ['4.2.8', '4.2.7'],
  doc: 'closepair',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const leaving = await connectPair(lab, upstream);
    const staying = await connectPair(lab, upstream);
    const bytes = lab.payload('whole answer', MEBIBYTE);
    lab.step('connected two clients; the upstream sent the first one 1 MiB and closed at once');
    await Promise.all([
      leaving.upstream.send(bytes).then(() => leaving.upstream.close()),
      leaving.client.expect(bytes),
    ]);
    await leaving.client.expectEnd('client-not-closed', 'after its upstream closed');
    await leaving.client.expectSilence(0);
    leaving.client.close();
    lab.step('exchanged a line each way with the second client, then with a third one');
    await exchange(lab, staying, 'client 2');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
