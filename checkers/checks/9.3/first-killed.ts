import type { Check } from '../../lab/check.ts';
import { processesOf, signalOne } from '../../lab/workers.ts';
import { text } from '../../messages/index.ts';
import { expectDoorClosed } from '../leaving.ts';
import { CLIENTS, exchangeAll, expectNobodyLeft, gatherPairs, leaveAll, startWorkers } from './workers.ts';

/** How long the kernel may take to end a process, in ms. */
const KILLED_MS = 4000;

export const firstKilled: Check = {
  id: 'first-killed',
  title: text.checks.stage9.firstKilledTitle,
  todos: ['9.3.5', '9.3.1'],
  doc: 'leaderended',
  needs: ['several', 'all-drain'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await startWorkers(lab);
    lab.step(text.checks.stage9.crowdOnceMore(CLIENTS));
    const pairs = await gatherPairs(lab, upstream);
    await exchangeAll(lab, pairs, 'before');
    // A third-party program may behave differently without its first process.
    if (!lab.settings.program.afterLesson) return;
    if (lab.settings.program.stranger?.endsWithFirst) lab.skip(text.checks.stage9.nobodyOutlivesFirst);
    const ports = pairs.map(({ client }) => client.port);
    const owners = processesOf(program, ports);
    const first = program.firstPid;
    const others = pairs.filter((_pair, index) => owners[index] !== undefined && owners[index] !== first);
    lab.step(text.checks.stage9.killedFirst);
    signalOne(first, 'SIGKILL');
    await lab.waiting.until(() => program.exit !== undefined, KILLED_MS, true);
    // This exit was intended, and the check goes on.
    lab.waiting.stopped = false;
    await expectDoorClosed(lab, program);
    lab.step(text.checks.stage9.othersGoOn);
    await exchangeAll(lab, others, 'after');
    lab.step(text.checks.stage9.othersLeave);
    await leaveAll(others);
    await expectNobodyLeft(lab, program);
  },
};
