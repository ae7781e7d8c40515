import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Program } from '../../lab/program.ts';
import { text } from '../../messages/index.ts';

/** No more than the shortest usual backlog holds. */
const CLIENTS = 5;
const QUIET_MS = 50;
/** All connect within this time, in ms; with a short backlog, the kernel repeats some handshakes after the proxy goes on. */
const KNOCK_MS = 200;

export const oneEach: Check = {
  id: 'one-each',
  title: text.checks.stage4.oneEachTitle(CLIENTS),
  todos: ['4.1.5', '4.1.4'],
  doc: 'the-route-table',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage4.connectedClientsAtOnce(CLIENTS));
    const clients = await connectAtOnce(lab, program);
    await upstream.expectConnections(CLIENTS);
    await Promise.all([
      upstream.expectNoMoreThan(CLIENTS, QUIET_MS, text.checks.stage4.forClients(CLIENTS)),
      lab.settle(program),
    ]);
    expectAllOpen(lab, clients, 'client');
    expectAllOpen(lab, upstream.connections, 'upstream');
  },
};

/** All connect while the proxy is stopped: it finds them together, and epoll reports them once. */
async function connectAtOnce(lab: Lab, program: Program): Promise<Peer[]> {
  let connecting: Promise<Peer[]> = Promise.resolve([]);
  await lab.heldStill(program, async () => {
    connecting = lab.connectTogether(CLIENTS);
    await Promise.race([connecting, lab.quiet(KNOCK_MS)]);
  });
  return connecting;
}

/** All of these connections must still be open: no peer has closed one. */
function expectAllOpen(lab: Lab, peers: Peer[], side: string): void {
  const ended = peers.filter((peer) => peer.end !== 'open');
  if (ended.length === 0) return;
  lab.step(text.checks.stage4.lookedWhetherEveryConnection(side));
  throw new CheckFailure({
    symptom: 'client-dropped',
    expected: text.checks.stage4.allConnectionsStayOpen(peers.length, side),
    observed: text.checks.stage4.proxyEnded(ended.map((peer) => peer.name).join(', ')),
  });
}
