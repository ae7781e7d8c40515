import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const MEBIBYTES = 6;

export const finishBehindBulk: Check = {
  id: 'finish-behind-bulk',
  title: text.checks.stage9.finishBehindBulkTitle,
  todos: ['9.2.3', '9.2.5'],
  doc: 'movepages',
  needs: ['bulk'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const { client, upstream: peer } = await connectPair(lab, upstream);
    for (const [from, to] of [
      [client, peer],
      [peer, client],
    ] as const) {
      lab.step(text.checks.stage9.bulkThenFinished(from.name, MEBIBYTES));
      const bytes = lab.payload(`all of ${from.name}`, MEBIBYTES * MEBIBYTE);
      const sent = from.send(bytes).then(() => from.finish());
      await to.expect(bytes);
      await sent;
      await expectFinished(to);
    }
    lab.expectAlive(program);
  },
};
