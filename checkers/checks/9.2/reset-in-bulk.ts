import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { carryBulk } from './bulk.ts';

const OFFERED = 64 * MEBIBYTE;
const ROUNDS = 2;
/** Enough for a pipe. */
const MEBIBYTES = 2;

export const resetInBulk: Check = {
  id: 'reset-in-bulk',
  title: text.checks.stage9.resetInBulkTitle,
  todos: ['9.2.5', '9.2.1'],
  doc: 'givepipeback',
  needs: ['bulk'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    for (let round = 0; round < ROUNDS; round += 1) {
      lab.step(text.checks.stage9.resetWhileBlocked);
      const broken = await connectPair(lab, upstream, SLOW_BUFFER);
      broken.client.pause();
      const old = lab.payload(`old bytes, ${round}`, MEBIBYTE);
      await sendUntilBlocked(lab, broken.upstream, () => old, OFFERED);
      broken.client.reset();
      await broken.upstream.expectEnd('upstream-not-closed', text.checks.stage4.afterClientLeft);
      broken.upstream.close();
      lab.step(text.checks.stage9.newClientBothWays(MEBIBYTES));
      const pair = await connectPair(lab, upstream);
      await carryBulk(lab, pair.upstream, pair.client, `${round}`, MEBIBYTES);
      await carryBulk(lab, pair.client, pair.upstream, `${round}`, MEBIBYTES);
      await exchange(lab, pair, pair.client.name);
    }
    lab.expectAlive(program);
  },
};
