import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than all kernel buffers on the path hold. */
const OFFERED = 64 * MEBIBYTE;

export const stalledUpstream: Check = {
  id: 'stalled-upstream',
  title: text.checks.stage5.stalledUpstreamTitle,
  todos: ['5.1.5', '5.1.1', '5.1.6'],
  doc: 'sendsome',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const stalled = await connectPair(lab, upstream);
    lab.step(text.checks.stage5.sentToUpstreamThatReadsNothing);
    stalled.upstream.pause();
    const piece = lab.payload('upload', MEBIBYTE);
    await sendUntilBlocked(lab, stalled.client, () => piece, OFFERED);
    lab.step(text.checks.stage5.exchangedWithOthers);
    await exchange(lab, other, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
