import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Upstream } from '../../lab/upstream.ts';
import { livingProcesses, signalOne } from '../../lab/workers.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage9.oneStoppedTitle,
  todos: ['9.3.2', '9.3.1'],
  doc: 'shareport',
  needs: ['several'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await startWorkers(lab);
    // A third-party program may share work differently, so none of its processes is stopped.
    const pids = lab.settings.program.afterLesson ? livingProcesses(program) : [];
    for (const pid of pids) {
      lab.step(text.checks.stage9.stoppedOneProcess(CLIENTS));
      await whileStopped(lab, upstream, pid);
    }
    lab.step(text.checks.stage9.crowdOnceMore(CLIENTS));
    await exchangeAll(lab, await gatherPairs(lab, upstream), 'last');
    lab.expectAlive(program);
  },
};
