import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { connectAmongOthers } from '../tags.ts';

/**
 * A program needs some two dozen for itself. A client costs two: with an even number left, it is accept() that finds none,
 * with an odd one the socket() behind it.
 */
const LIMITS = [70, 71];
const CLIENTS = 60;

export const descriptors: Check = {
  id: 'descriptors',
  title: text.checks.stage7.descriptorsTitle,
  todos: ['7.2.1', '7.2.2', '7.2.3', '7.1.1'],
  doc: 'acceptfailed',
  async run(lab) {
    const upstream = await lab.startUpstream();
    for (const limit of LIMITS) {
      const program = await lab.startProxy({}, limit);
      lab.step(text.checks.stage7.moreClientsThanDescriptors(CLIENTS));
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
      lab.step(text.checks.stage7.watchedHowBusy);
      await expectSleeping(lab, program);
      lab.step(text.checks.stage7.allLeft);
      for (const client of clients) client.reset();
      await lab.settle(program);
      for (const peer of upstream.connections) peer.close();
      lab.step(text.checks.stage7.connectedOneMore);
      await exchange(lab, await connectAmongOthers(lab, upstream), 'one more client');
      lab.expectAlive(program);
      await program.kill();
    }
  },
};
