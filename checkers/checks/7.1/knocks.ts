import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';

/** More than three turns of the loop accept: epoll may have reported the first clients before the others connect. */
const CLIENTS = 200;

export const knocks: Check = {
  id: 'knocks',
  title: text.checks.stage7.knocksTitle(CLIENTS),
  todos: ['7.1.1'],
  doc: 'acceptconnections',
  needs: ['served'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const early = await connectPair(lab, upstream);
    lab.step(text.checks.stage7.clientsKnocked(CLIENTS));
    await lab.heldStill(program, async () => {
      await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
    });
    await upstream.expectConnections(CLIENTS + 1);
    lab.step(text.checks.stage7.exchangedWithCompanion);
    await exchange(lab, early, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'the last client');
    lab.expectAlive(program);
  },
};
