import { type Check, CheckFailure } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';

/** No more than the shortest usual listen queue holds. */
const CLIENTS = 5;
const QUIET_MS = 50;

export const oneEach: Check = {
  id: 'one-each',
  title: `${CLIENTS} clients at once have ${CLIENTS} upstream connections`,
  todos: ['4.1.5', '4.1.4'],
  doc: 'the-route-table',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(`connected ${CLIENTS} clients at once, which send nothing and stay`);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
    await upstream.expectConnections(CLIENTS);
    await Promise.all([upstream.expectNoMoreThan(CLIENTS, QUIET_MS, `for ${CLIENTS} clients`), lab.settle(program)]);
    expectAllOpen(lab, clients, 'client');
    expectAllOpen(lab, upstream.connections, 'upstream');
  },
};

/** None of these connections may have been ended: nobody left. */
function expectAllOpen(lab: Lab, peers: Peer[], side: string): void {
  const ended = peers.filter((peer) => peer.end !== 'open');
  if (ended.length === 0) return;
  lab.step(`looked whether every ${side} connection is still open`);
  throw new CheckFailure({
    symptom: 'client-dropped',
    expected: `all ${peers.length} ${side} connections stay open`,
    observed: `the proxy ended ${ended.map((peer) => peer.name).join(', ')}`,
  });
}
