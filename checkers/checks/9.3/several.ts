import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Program } from '../../harness/program.ts';
import { listeningSockets } from '../../harness/workers.ts';
import { connectPair, exchange } from '../pair.ts';
import { CLIENTS, exchangeAll, gatherPairs, startWorkers, WORKERS } from './workers.ts';

/** Each process has its own listening socket, so both numbers are equal. An excess process may start late. */
async function expectNoMoreDoors(harness: Harness, program: Program): Promise<void> {
  harness.step("counted the sockets that listen on the proxy's port");
  await harness.settle(program);
  const listeners = listeningSockets(program);
  if (listeners <= WORKERS) return;
  throw new CheckFailure({
    symptom: 'too-many-processes',
    expected: `with WORKERS=${WORKERS} there are ${WORKERS} processes that listen on the port`,
    observed: `${listeners} sockets listen there`,
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
  async run(harness) {
    const upstream = await harness.startUpstream();
    const alone = await harness.startProxy();
    await exchange(harness, await connectPair(harness, upstream), 'client 1');
    await alone.kill();
    for (const peer of upstream.connections) peer.close();
    const program = await startWorkers(harness);
    harness.step(`connected ${CLIENTS} clients to the ${WORKERS} processes, and exchanged a line with each`);
    await exchangeAll(harness, await gatherPairs(harness, upstream), 'first');
    harness.expectAlive(program);
    if (harness.settings.program.afterLesson) await expectNoMoreDoors(harness, program);
  },
};
