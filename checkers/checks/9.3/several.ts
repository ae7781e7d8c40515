import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { CLIENTS, exchangeAll, gatherPairs, startWorkers, WORKERS } from './workers.ts';

export const several: Check = {
  id: 'several',
  title: text.checks.stage9.severalTitle(CLIENTS),
  todos: ['9.3.1', '9.3.2'],
  doc: 'startworkers',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const alone = await lab.startProxy();
    await exchange(lab, await connectPair(lab, upstream), 'client 1');
    await alone.kill();
    for (const peer of upstream.connections) peer.close();
    const program = await startWorkers(lab);
    lab.step(text.checks.stage9.crowdOfSeveral(CLIENTS, WORKERS));
    await exchangeAll(lab, await gatherPairs(lab, upstream), 'first');
    lab.expectAlive(program);
  },
};
