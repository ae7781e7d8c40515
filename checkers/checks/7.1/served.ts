import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';

export const served: Check = {
  id: 'served',
  title: text.checks.stage7.servedTitle,
  todos: ['7.1.1', '7.1.2', '7.1.5', '7.1.6', '7.1.3', '7.1.4'],
  doc: 'acceptconnections',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage7.connectedOneClientExchanged);
    const first = await connectPair(lab, upstream);
    await exchange(lab, first, 'client 1');
    lab.step(text.checks.stage7.connectedAnotherExchanged);
    await exchange(lab, await connectPair(lab, upstream), 'client 2');
    await exchange(lab, first, 'client 1 again');
    lab.expectAlive(program);
  },
};
