import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

export const idle: Check = {
  id: 'idle',
  title: text.checks.stage4.idleTitle,
  todos: ['4.2.8', '4.2.6', '4.2.7', '4.1.4', '4.2.5'],
  doc: 'closepair',
  needs: ['round-trip', 'client-leaves', 'upstream-leaves'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage4.hadThreePairsTalk);
    const open = await connectPair(lab, upstream);
    const left = await connectPair(lab, upstream);
    const answered = await connectPair(lab, upstream);
    const vanished = await connectPair(lab, upstream);
    for (const pair of [open, left, answered, vanished]) await exchange(lab, pair, pair.client.name);
    left.client.close();
    answered.upstream.close();
    vanished.client.reset();
    lab.step(text.checks.stage4.keptOneMorePair);
    await expectSleeping(lab, program);
    await lab.interrupt(program);
    lab.step(text.checks.stage4.exchangedLineOpenPair);
    await exchange(lab, open, 'client 1 again');
    lab.expectAlive(program);
  },
};
