import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { listeningSockets } from '../../lab/workers.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { CLIENTS, exchangeAll, gatherPairs, startWorkers, WORKERS } from './workers.ts';

/** Each process has its own listening socket, so both numbers are equal. An excess process may start late. */
async function expectNoMoreDoors(lab: Lab, program: Program): Promise<void> {
  lab.step(text.checks.stage9.countedDoors);
  await lab.settle(program);
  const doors = listeningSockets(program);
  if (doors <= WORKERS) return;
  throw new CheckFailure({
    symptom: 'too-many-processes',
    expected: text.checks.stage9.asManyDoors(WORKERS),
    observed: text.checks.stage9.doorsAreOpen(doors),
  });
}

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
    if (lab.settings.program.afterLesson) await expectNoMoreDoors(lab, program);
  },
};
