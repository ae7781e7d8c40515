import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair } from '../pair.ts';

export const bothDirections: Check = {
  id: 'both-directions',
  title: text.checks.stage4.bothDirectionsTitle,
  todos: ['4.2.7', '4.2.6'],
  doc: 'handleupstream',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const { client, upstream: peer } = await connectPair(lab, upstream);
    const up = lab.payload('up', 2 * MEBIBYTE);
    const down = lab.payload('down', 2 * MEBIBYTE);
    lab.step(text.checks.stage4.sentMiBEachWay);
    await Promise.all([client.send(up), peer.send(down), peer.expect(up), client.expect(down)]);
    lab.expectAlive(program);
  },
};
