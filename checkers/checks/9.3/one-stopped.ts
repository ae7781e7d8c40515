import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Upstream } from '../../lab/upstream.ts';
import { livingProcesses, signalOne } from '../../lab/workers.ts';
import { pairByTags } from '../tags.ts';
import { CLIENTS, exchangeAll, gatherPairs, leaveAll, startWorkers } from './workers.ts';

/** The kernel assigns clients to a stopped process, too; the others accept theirs. */
async function whileStopped(lab: Lab, upstream: Upstream, pid: number): Promise<void> {
  const before = upstream.connections.length;
  let clients: Peer[] = [];
  signalOne(pid, 'SIGSTOP');
  try {
    clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
    await upstream.expectConnections(before + 1);
  } finally {
    signalOne(pid, 'SIGCONT');
  }
  await upstream.expectConnections(before + CLIENTS);
  const pairs = await pairByTags(lab, clients, upstream.connections.slice(before));
  await exchangeAll(lab, pairs, 'all');
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await startWorkers(lab);
    // A third-party program may share work differently, so none of its processes is stopped.
    const pids = lab.settings.program.afterLesson ? livingProcesses(program) : [];
    for (const pid of pids) {
      lab.step(`stopped one of its processes, had ${CLIENTS} clients connect, let it go on`);
      await whileStopped(lab, upstream, pid);
    }
    lab.step(`connected ${CLIENTS} clients, and exchanged a line with each`);
    await exchangeAll(lab, await gatherPairs(lab, upstream), 'last');
    lab.expectAlive(program);
  },
};
