/** A client that resets while bytes for it wait in the proxy, and the next one, which may get the same descriptors. */
import type { Harness } from '../harness/harness.ts';
import type { Program } from '../harness/program.ts';
import { MEBIBYTE } from './bulk.ts';
import { exchange, type Pair } from './pair.ts';

/** More than the kernel's buffers on the path to a slow reader hold. */
const UNREAD = 12 * MEBIBYTE;

/**
 * A client resets in the middle of a download; the next client must get only its own bytes.
 *
 * @param connect makes a pair; isSlow: its client gets a small receive buffer
 * @throws CheckFailure when the first pair stays open, or the next client gets other bytes
 */
export async function vanishUnread(
  harness: Harness,
  program: Program,
  connect: (isSlow: boolean) => Promise<Pair>,
): Promise<void> {
  harness.step(
    `sent ${UNREAD / MEBIBYTE} MiB to a client that reads nothing, and reset its connection; then exchanged a line with a new one`,
  );
  const gone = await connect(true);
  gone.client.pause();
  void gone.upstream.send(harness.payload(`unread by ${gone.client.name}`, UNREAD));
  await harness.settle(program);
  gone.client.reset();
  await gone.upstream.expectEnd('upstream-not-closed', 'when its client vanished');
  gone.upstream.close();
  const next = await connect(false);
  await exchange(harness, next, next.client.name);
  next.client.reset();
  await next.upstream.expectEnd('upstream-not-closed', 'when its client vanished');
  next.upstream.close();
}
