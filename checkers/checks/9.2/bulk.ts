import type { Check } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than a pipe and the kernel's buffers on the way hold. */
const MEBIBYTES = 12;

/** Sends and receives, at full speed. */
export async function carryBulk(lab: Lab, from: Peer, to: Peer, label: string, mebibytes = MEBIBYTES): Promise<void> {
  const bytes = lab.payload(`${from.name}, ${label}`, mebibytes * MEBIBYTE);
  await Promise.all([from.send(bytes), to.expect(bytes)]);
}

export const bulk: Check = {
  id: 'bulk',
  title: text.checks.stage9.bulkTitle(MEBIBYTES),
  todos: ['9.2.1', '9.2.2', '9.2.3', '9.2.4', '9.2.5'],
  doc: 'movepages',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const { client, upstream: peer } = await connectPair(lab, upstream);
    for (const time of ['first', 'again']) {
      lab.step(text.checks.stage9.lineThenBothWays(MEBIBYTES));
      await exchange(lab, { client, upstream: peer }, time);
      await Promise.all([carryBulk(lab, client, peer, time), carryBulk(lab, peer, client, time)]);
    }
    await exchange(lab, { client, upstream: peer }, 'last');
    lab.expectAlive(program);
  },
};
