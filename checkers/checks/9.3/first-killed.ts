import type { Check } from '../../harness/check.ts';
import { processesOf, signalOne } from '../../harness/workers.ts';
import { expectDoorClosed } from '../leaving.ts';
import { CLIENTS, exchangeAll, expectNoProcess, gatherPairs, leaveAll, startWorkers } from './workers.ts';

/** How long the kernel may take to end a process, in ms. */
const KILLED_MS = 4000;

export const firstKilled: Check = {
  id: 'first-killed',
  title: 'The first process is killed: the second accepts no more clients, serves its own to the end, and ends',
  todos: ['9.3.5', '9.3.1'],
  doc: 'leaderended',
  hint: [
    'SIGKILL leaves the first process no time to say anything. What does the kernel do with its descriptors?',
    'It closes them, so that the standard input of the second process ends, just as if the first one had closed it on purpose.',
    '  // leaderEnded is called for both',
  ],
  needs: ['several', 'all-drain'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await startWorkers(harness);
    harness.step(`connected ${CLIENTS} clients, and exchanged a line with each`);
    const pairs = await gatherPairs(harness, upstream);
    await exchangeAll(harness, pairs, 'before');
    // A third-party program may behave differently without its first process.
    if (!harness.settings.program.afterLesson) return;
    if (harness.settings.program.stranger?.endsWithFirst)
      harness.skip('in the sandbox of this program no process outlives the first one');
    const ports = pairs.map(({ client }) => client.port);
    const owners = processesOf(program, ports);
    const first = program.firstPid;
    const others = pairs.filter((_pair, index) => owners[index] !== undefined && owners[index] !== first);
    harness.step('killed the first process');
    signalOne(first, 'SIGKILL');
    await harness.waiting.until(() => program.exit !== undefined, KILLED_MS, true);
    // This exit was intended, and the check goes on.
    harness.waiting.stopped = false;
    await expectDoorClosed(harness, program);
    harness.step('exchanged a line with each client of the second one');
    await exchangeAll(harness, others, 'after');
    harness.step('let the others leave');
    await leaveAll(others);
    await expectNoProcess(harness, program);
  },
};
