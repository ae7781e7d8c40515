import type { Check } from '../../check.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

export const clientLeaves: Check = {
  id: 'client-leaves',
  title: 'A client sends 1 MiB and leaves: all of it arrives, then its upstream connection is closed',
  todos: ['4.2.8', '4.2.6'],
  doc: 'closepair',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const leaving = await connectPair(lab, upstream);
    const staying = await connectPair(lab, upstream);
    const bytes = lab.payload('last words', MEBIBYTE);
    lab.step('connected two clients; the first sent 1 MiB and closed at once');
    await Promise.all([leaving.client.send(bytes).then(() => leaving.client.close()), leaving.upstream.expect(bytes)]);
    await leaving.upstream.expectEnd('upstream-not-closed', 'after its client left');
    await leaving.upstream.expectSilence(0);
    leaving.upstream.close();
    lab.step('exchanged a line each way with the second client, then with a third one');
    await exchange(lab, staying, 'client 2');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
