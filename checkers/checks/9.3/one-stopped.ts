import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { livingProcesses, signalOne } from '../../harness/workers.ts';
import { pairByTags } from '../tags.ts';
import { CLIENTS, exchangeAll, gatherPairs, leaveAll, startWorkers } from './workers.ts';

/** The kernel assigns clients to a stopped process, too; the others accept theirs. */
async function whileStopped(harness: Harness, upstream: Upstream, pid: number): Promise<void> {
  const before = upstream.connections.length;
  let clients: Peer[] = [];
  signalOne(pid, 'SIGSTOP');
  try {
    clients = await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()));
    await upstream.expectConnections(before + 1);
  } finally {
    signalOne(pid, 'SIGCONT');
  }
  await upstream.expectConnections(before + CLIENTS);
  const pairs = await pairByTags(harness, clients, upstream.connections.slice(before));
  await exchangeAll(harness, pairs, 'all');
  await leaveAll(pairs);
}

export const oneStopped: Check = {
  id: 'one-stopped',
  title: 'While one of the two processes stands still, the other one takes new clients',
  todos: ['9.3.2', '9.3.1'],
  doc: 'shareport',
  hint: [
    'Is there a second process that listens? `ss -ltnp` shows which do.',
    'If the second one is gone, look at its last words: "bind: Address already in use" says that not all sockets have SO_REUSEPORT, or not before bind.',
    '  // WORKERS > 1: sharePort(sockFd), before bind',
  ],
  needs: ['several'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await startWorkers(harness);
    // A third-party program may share work differently, so none of its processes is stopped.
    const pids = harness.settings.program.afterLesson ? livingProcesses(program) : [];
    for (const pid of pids) {
      harness.step(`stopped one of its processes, had ${CLIENTS} clients connect, let it go on`);
      await whileStopped(harness, upstream, pid);
    }
    harness.step(`connected ${CLIENTS} clients, and exchanged a line with each`);
    await exchangeAll(harness, await gatherPairs(harness, upstream), 'last');
    harness.expectAlive(program);
  },
};
