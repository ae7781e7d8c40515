import type { Check } from '../../harness/check.ts';
import { livingProcesses, signalOne } from '../../harness/workers.ts';
import { expectGoodEnd } from '../leaving.ts';
import { expectSleeping } from '../sleeping.ts';
import { CLIENTS, exchangeAll, gatherPairs, leaveAll, startWorkers } from './workers.ts';

export const workerKilled: Check = {
  id: 'worker-killed',
  title: 'The second process is killed: the first one goes on, rests, and ends well',
  todos: ['9.3.4'],
  doc: 'workerended',
  hint: [
    'A process that you have started is gone. Which descriptor tells you, and how often?',
    'itsEnd, and again and again until you close it. The first process goes on: its own clients have nothing to do with that.',
    '  // workerEnded: out of the map, close fd, close the lifeline, say so',
  ],
  needs: ['several', 'one-stopped'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await startWorkers(harness);
    if (harness.settings.program.afterLesson) {
      harness.step('killed the process that the first one had started');
      const others = livingProcesses(program).filter((pid) => pid !== program.firstPid);
      for (const pid of others) signalOne(pid, 'SIGKILL');
      await harness.settle(program);
    }
    harness.step(`connected ${CLIENTS} clients, and exchanged a line with each`);
    const pairs = await gatherPairs(harness, upstream);
    await exchangeAll(harness, pairs, 'served');
    harness.step('watched how busy the program is');
    await expectSleeping(harness, program);
    harness.step('sent SIGTERM, and let all of them leave');
    program.askToEnd();
    await leaveAll(pairs);
    await expectGoodEnd(harness, program, 'after the last client has left');
  },
};
