import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectFinished } from './finished.ts';
import { expectSocketsGone } from './gone.ts';

const PAIRS = 10;
export const bothFinish: Check = {
  id: 'both-finish',
  title: text.checks.stage6.bothFinishTitle,
  todos: ['6.1.4', '6.1.5'],
  doc: 'endstream',
  needs: ['client-finishes', 'upstream-finishes'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const before = program.socketCount() ?? 0;
    lab.step(text.checks.stage6.halfOfEachFinished(PAIRS));
    const pairs = [];
    for (let index = 0; index < PAIRS; index += 1) {
      const { client, upstream: peer } = await connectPair(lab, upstream);
      pairs.push(index % 2 === 0 ? { first: client, second: peer } : { first: peer, second: client });
    }
    for (const { first } of pairs) first.finish();
    for (const { second } of pairs) await expectFinished(second);
    lab.step(text.checks.stage6.watchedHowBusy);
    await expectSleeping(lab, program);
    lab.step(text.checks.stage6.otherHalfFinished);
    for (const { second } of pairs) second.finish();
    for (const { first } of pairs) await expectFinished(first);
    await expectSocketsGone(lab, program, before);
    await exchange(lab, other, 'client 1');
    lab.expectAlive(program);
  },
};
