import type { Check } from '../../lab/check.ts';
import { livingProcesses, signalOne } from '../../lab/workers.ts';
import { text } from '../../messages/index.ts';
import { expectGoodEnd } from '../leaving.ts';
import { expectSleeping } from '../sleeping.ts';
import { CLIENTS, exchangeAll, gatherPairs, leaveAll, startWorkers } from './workers.ts';

export const workerKilled: Check = {
  id: 'worker-killed',
  title: text.checks.stage9.workerKilledTitle,
  todos: ['9.3.4'],
  doc: 'workerended',
  needs: ['several', 'one-stopped'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await startWorkers(lab);
    if (lab.settings.program.afterLesson) {
      lab.step(text.checks.stage9.killedOne);
      const others = livingProcesses(program).filter((pid) => pid !== program.firstPid);
      for (const pid of others) signalOne(pid, 'SIGKILL');
      await lab.settle(program);
    }
    lab.step(text.checks.stage9.crowdOnceMore(CLIENTS));
    const pairs = await gatherPairs(lab, upstream);
    await exchangeAll(lab, pairs, 'served');
    lab.step(text.checks.stage7.watchedHowBusy);
    await expectSleeping(lab, program);
    lab.step(text.checks.stage9.sigtermThenLeft);
    program.askToEnd();
    await leaveAll(pairs);
    await expectGoodEnd(lab, program, text.checks.stage7.afterLastClientLeft);
  },
};
