/** How a connection ended, seen from its other end. */
import { CheckFailure, type Symptom } from '../../contract/check.ts';
import type { Peer } from '../../harness/peer.ts';

/** The symptom if the program does not close its connection to this peer. */
export function notClosed(peer: Peer): Symptom {
  return peer.name.startsWith('client') ? 'client-not-closed' : 'upstream-not-closed';
}

/**
 * Waits for the end of what comes, which is to be a FIN.
 *
 * @throws CheckFailure when it does not come, or an RST comes in its place
 */
export async function expectFinished(peer: Peer): Promise<void> {
  await peer.expectEnd(notClosed(peer), 'after the other side had finished');
  if (peer.end === 'fin') return;
  throw new CheckFailure({
    symptom: 'wrong-ending',
    expected: `${peer.name} sees an ordinary end (FIN)`,
    observed: 'its connection was reset (RST)',
  });
}

/**
 * Waits for an RST.
 *
 * @throws CheckFailure when it does not come, or a FIN comes in its place
 */
export async function expectReset(peer: Peer): Promise<void> {
  await peer.expectEnd(notClosed(peer), 'after the other side had reset its connection');
  if (peer.end === 'rst') return;
  throw new CheckFailure({
    symptom: 'wrong-ending',
    expected: `${peer.name}'s connection is reset, too (RST)`,
    observed: 'it saw an ordinary end (FIN), as if the stream were complete',
  });
}
