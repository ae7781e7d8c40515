import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than all kernel buffers on the path hold: a proxy that blocks in send() blocks by then. */
const OFFERED = 64 * MEBIBYTE;

export const stalledClient: Check = {
  id: 'stalled-client',
  title: text.checks.stage5.stalledClientTitle,
  todos: ['5.1.5', '5.1.2', '5.1.6'],
  doc: 'sendsome',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const stalled = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.sentToClientThatReadsNothing);
    stalled.client.pause();
    const piece = lab.payload('download', MEBIBYTE);
    await sendUntilBlocked(lab, stalled.upstream, () => piece, OFFERED);
    lab.step(text.checks.stage5.exchangedWithOthers);
    await exchange(lab, other, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};
