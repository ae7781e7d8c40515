/** How a connection ended, seen from its other end. */
import { CheckFailure, type Symptom } from '../../contract/check.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';

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
  await peer.expectEnd(notClosed(peer), text.checks.stage6.afterOtherFinished);
  if (peer.end === 'fin') return;
  throw new CheckFailure({
    symptom: 'wrong-ending',
    expected: text.checks.stage6.seesEndOfStream(peer.name),
    observed: text.checks.stage6.itWasReset,
  });
}

/**
 * Waits for an RST.
 *
 * @throws CheckFailure when it does not come, or a FIN comes in its place
 */
export async function expectReset(peer: Peer): Promise<void> {
  await peer.expectEnd(notClosed(peer), text.checks.stage6.afterOtherReset);
  if (peer.end === 'rst') return;
  throw new CheckFailure({
    symptom: 'wrong-ending',
    expected: text.checks.stage6.isResetToo(peer.name),
    observed: text.checks.stage6.itSawAnEnd,
  });
}
