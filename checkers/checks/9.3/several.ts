import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { listeningSockets } from '../../lab/workers.ts';
import { connectPair, exchange } from '../pair.ts';
import { CLIENTS, exchangeAll, gatherPairs, startWorkers, WORKERS } from './workers.ts';

/** Each process has its own listening socket, so both numbers are equal. An excess process may start late. */
async function expectNoMoreDoors(lab: Lab, program: Program): Promise<void> {
  lab.step("counted the sockets that listen on the proxy's port");
  await lab.settle(program);
  const doors = listeningSockets(program);
  if (doors <= WORKERS) return;
  throw new CheckFailure({
    symptom: 'too-many-processes',
    expected: `with WORKERS=${WORKERS} there are ${WORKERS} processes that listen on the port`,
    observed: `${doors} sockets listen there`,
  });
}

export const several: Check = {
  id: 'several',
  title: `Alone, and as two processes: ${CLIENTS} clients are all served`,
  todos: ['9.3.1', '9.3.2'],
  doc: 'startworkers',
  hint: [
    'The second process is the same program. Which of its lines does it run, and which not?',
    'All but startWorkers: it has a listening socket, a loop and clients of its own. In its last words you may find what keeps it from that.',
    '  // both processes: sharePort, bind, listen, loopRun',
  ],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const alone = await lab.startProxy();
    await exchange(lab, await connectPair(lab, upstream), 'client 1');
    await alone.kill();
    for (const peer of upstream.connections) peer.close();
    const program = await startWorkers(lab);
    lab.step(`connected ${CLIENTS} clients to the ${WORKERS} processes, and exchanged a line with each`);
    await exchangeAll(lab, await gatherPairs(lab, upstream), 'first');
    lab.expectAlive(program);
    if (lab.settings.program.afterLesson) await expectNoMoreDoors(lab, program);
  },
};
