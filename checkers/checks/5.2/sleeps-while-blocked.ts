import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

const OFFERED = 64 * MEBIBYTE;

export const sleepsWhileBlocked: Check = {
  id: 'sleeps-while-blocked',
  title: text.checks.stage5.sleepsTitle,
  todos: ['5.2.2', '5.2.3'],
  doc: 'wantedevents',
  needs: ['paces-down', 'takes-no-more'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const [down, up] = [await connectPair(lab, upstream, SLOW_BUFFER), await connectPair(lab, upstream)];
    lab.step(text.checks.stage5.blockedTwoPairs);
    down.client.pause();
    up.upstream.pause();
    const piece = lab.payload('blocked', MEBIBYTE);
    const [taken] = await Promise.all([
      sendUntilBlocked(lab, down.upstream, () => piece, OFFERED),
      sendUntilBlocked(lab, up.client, () => piece, OFFERED),
    ]);
    await expectSleeping(lab, program);
    lab.step(text.checks.stage5.letFirstGoOn);
    down.client.resume();
    for (let at = 0; at <= taken; at += piece.length) await down.client.expect(piece);
    await exchange(lab, other, 'client 1');
    await expectSleeping(lab, program);
    lab.step(text.checks.stage5.resetBlockedSender);
    up.client.reset();
    await expectSleeping(lab, program);
    await exchange(lab, other, 'client 1 again');
    lab.expectAlive(program);
  },
};
