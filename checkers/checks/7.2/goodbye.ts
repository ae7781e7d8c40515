import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodEnd } from '../leaving.ts';
import { connectPair, exchange } from '../pair.ts';

export const goodbye: Check = {
  id: 'goodbye',
  title: text.checks.stage7.goodbyeTitle,
  todos: ['7.2.4', '7.2.5', '7.2.6'],
  doc: 'signals-in-the-loop',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage7.clientCameAndLeft);
    const pair = await connectPair(lab, upstream);
    await exchange(lab, pair, 'client 1');
    pair.client.close();
    await pair.upstream.expectEnd('upstream-not-closed', text.checks.stage4.afterClientLeft);
    pair.upstream.close();
    await lab.settle(program);
    lab.step(text.checks.stage7.sentSigterm);
    program.askToEnd();
    await expectGoodEnd(lab, program, text.checks.stage7.afterSigterm);
  },
};
