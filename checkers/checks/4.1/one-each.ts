import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';

/** No more than the shortest usual backlog holds. */
const CLIENTS = 5;
const QUIET_MS = 50;
/** All connect within this time, in ms; with a short backlog, the kernel repeats some handshakes after the proxy goes on. */
const KNOCK_MS = 200;

export const oneEach: Check = {
  id: 'one-each',
  title: `${CLIENTS} clients at once have ${CLIENTS} upstream connections`,
  todos: ['4.1.5', '4.1.4'],
  doc: 'the-route-table',
  hint: [
    'Five clients connect at once. How often does your loop run, and what does it need in order to run once more?',
    'epoll goes on reporting the listening socket as long as its queue has a client, so one accept for each event is enough, if the loop comes back to epoll_wait each time. It does not when something in between waits, stops, or makes the program look at one descriptor only. And what belongs to the first client must not be overwritten by the second: each has an upstream socket of its own, kept in a list, not in one variable.',
    [
      '  for (/* each event that came */) {',
      '    // deal with it, and do not wait for anything in here',
      '  }',
      '  // in acceptConnection: push, never "the one current client"',
    ].join('\n'),
  ],
  needs: ['listening', 'on-connect'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(`connected ${CLIENTS} clients at once, which send nothing and stay`);
    const clients = await connectAtOnce(harness, program);
    await upstream.expectConnections(CLIENTS);
    await Promise.all([
      upstream.expectNoMoreThan(CLIENTS, QUIET_MS, `for ${CLIENTS} clients`),
      harness.settle(program),
    ]);
    expectAllOpen(harness, clients, 'client');
    expectAllOpen(harness, upstream.connections, 'upstream');
  },
};

/** All connect while the proxy is stopped: it finds them together, and epoll reports them once. */
async function connectAtOnce(harness: Harness, program: Program): Promise<Peer[]> {
  let connecting: Promise<Peer[]> = Promise.resolve([]);
  await harness.whileStopped(program, async () => {
    connecting = harness.connectTogether(CLIENTS);
    await Promise.race([connecting, harness.quiet(KNOCK_MS)]);
  });
  return connecting;
}

/** All of these connections must still be open: no peer has closed one. */
function expectAllOpen(harness: Harness, peers: Peer[], side: string): void {
  const ended = peers.filter((peer) => peer.end !== 'open');
  if (ended.length === 0) return;
  harness.step(`looked whether every ${side} connection is still open`);
  throw new CheckFailure({
    symptom: 'client-dropped',
    expected: `all ${peers.length} ${side} connections stay open`,
    observed: `the proxy ended ${ended.map((peer) => peer.name).join(', ')}`,
  });
}
