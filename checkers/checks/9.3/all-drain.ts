import type { Check } from '../../harness/check.ts';
import type { Program } from '../../harness/program.ts';
import { processesOf } from '../../harness/workers.ts';
import { MEBIBYTE } from '../bulk.ts';
import { expectDoorClosed, expectGoodEnd } from '../leaving.ts';
import type { Pair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { CLIENTS, exchangeAll, expectNoProcess, gatherPairs, leaveAll, startWorkers } from './workers.ts';

/** Clients in the middle of a download, which is more than the kernel's buffers on the path hold. */
const DOWNLOADS = 4;
const MEBIBYTES = 12;

/** The clients of the first process, and all others: the first process must wait for both. */
function sharedOut(program: Program, pairs: Pair[]): [own: Pair[], others: Pair[]] {
  const owners = processesOf(
    program,
    pairs.map(({ client }) => client.port),
  );
  const isOwn = (_pair: Pair, index: number): boolean => owners[index] === program.firstPid;
  return [pairs.filter(isOwn), pairs.filter((pair, index) => !isOwn(pair, index))];
}

export const allDrain: Check = {
  id: 'all-drain',
  title: 'SIGTERM to the first process: clients of both keep every byte, then both end, exit code 0',
  todos: ['9.3.3', '9.3.5', '9.3.4', '9.3.1'],
  doc: 'tellworkers',
  hint: [
    'SIGTERM was sent to the first process alone. How do the others hear of it, and how does the first one know that they are done?',
    'By two pipes: closing lifeline is the message, and the end of itsEnd is the answer. Each drains; the first one ends when its own clients have left and no worker is left.',
    [
      '  tellWorkers: close(lifeline)      ->  leaderEnded: startDraining',
      '  workerEnded: workers.delete(fd)   <-  its end',
    ].join('\n'),
  ],
  needs: ['several'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await startWorkers(harness);
    harness.step(
      `connected ${CLIENTS} clients; ${DOWNLOADS} of them were in the middle of a download of ${MEBIBYTES} MiB`,
    );
    const pairs = await gatherPairs(harness, upstream);
    const [own, others] = sharedOut(program, pairs);
    const busy = [...own.slice(0, DOWNLOADS / 2), ...others.slice(0, DOWNLOADS / 2)];
    const bytes = harness.payload('download', MEBIBYTES * MEBIBYTE);
    for (const { client } of busy) client.pause();
    const sent = busy.map((pair) => pair.upstream.send(bytes));
    await harness.settle(program);
    harness.step('sent SIGTERM');
    program.askToEnd();
    await expectDoorClosed(harness, program);
    harness.step('went on with the downloads, and exchanged a line with each client');
    for (const { client } of busy) client.resume();
    await Promise.all([...sent, ...busy.map(({ client }) => client.expect(bytes))]);
    await exchangeAll(harness, pairs, 'draining');
    harness.step('watched how busy the program is');
    await expectSleeping(harness, program);
    harness.step('let the clients of the first process leave, and exchanged lines with the others');
    await leaveAll(own);
    // If one process has all of them, the program may exit now.
    if (others.length > 0) await harness.settle(program);
    await exchangeAll(harness, others, 'others');
    harness.step('let the others leave');
    await leaveAll(others);
    await expectGoodEnd(harness, program, 'after the last client has left');
    await expectNoProcess(harness, program);
  },
};
