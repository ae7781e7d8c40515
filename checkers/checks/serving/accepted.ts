/** Whether a program has accepted the connections of its clients, from the kernel's table of sockets. */
import { CheckFailure } from '../../contract/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { TcpState } from '../../kernel/tcp-row.ts';
import { readTcpTable } from '../../kernel/tcp-table.ts';

const ACCEPT_MS = 3000;
const LOOK_MS = 10;

/**
 * Waits until the program has accepted these connections, and no others. A connection that is still in the backlog belongs
 * to no socket of a program yet, and has no inode.
 *
 * @throws CheckFailure when it does not
 */
export async function expectAccepted(harness: Harness, clients: Peer[]): Promise<void> {
  const count = clients.length;
  if (readTcpTable().length === 0)
    harness.skip('this system does not tell which connections were accepted (no /proc/net/tcp)');
  const deadline = performance.now() + ACCEPT_MS * harness.waiting.patience;
  let now = acceptedOn(harness.settings.ports.proxy);
  const isThere = ({ end }: Peer): boolean => end === 'open';
  while (now < count && clients.every(isThere) && performance.now() < deadline && harness.program?.exit === undefined) {
    await harness.quiet(LOOK_MS);
    now = acceptedOn(harness.settings.ports.proxy);
  }
  if (now >= count) return;
  if (harness.program?.ended !== true) expectAllOpen(clients);
  const stopped = harness.program?.ended === true;
  throw new CheckFailure({
    symptom: stopped ? 'stopped' : 'client-not-accepted',
    expected: count === 1 ? 'the program accepts the client' : `the program accepts all ${count} clients`,
    observed: stopped ? 'the program stopped' : `${now} of ${count} were accepted; the others wait in the queue`,
  });
}

function acceptedOn(port: number): number {
  const rows = readTcpTable().filter(({ localPort, state }) => localPort === port && state === TcpState.ESTABLISHED);
  return rows.filter(({ inode }) => inode !== '0').length;
}

/** Makes sure that all of these connections are still open: no client has closed one. */
export function expectAllOpen(clients: Peer[]): void {
  const ended = clients.filter(({ end }) => end !== 'open');
  if (ended.length === 0) return;
  throw new CheckFailure({
    symptom: 'client-dropped',
    expected: clients.length === 1 ? 'the connection stays open' : `all ${clients.length} connections stay open`,
    observed: `the server ended that of ${ended.map(({ name }) => name).join(', ')}`,
  });
}
