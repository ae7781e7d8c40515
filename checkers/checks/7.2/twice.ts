/** A client whose upstream has not answered yet when SIGTERM comes, followed by a second SIGTERM. */
import { CheckFailure } from '../../contract/check.ts';
import type { FullUpstream } from '../../harness/full-upstream.ts';
import type { Harness } from '../../harness/harness.ts';
import { canChooseBuffers } from '../../harness/listening-socket.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import { expectDoorClosed } from '../leaving.ts';
import { exchange, type Pair } from '../pair.ts';

/** The kernel repeats a handshake after 1 s, 3 s and 7 s. If we come later than this, in ms, a correct proxy may give up. */
const IN_TIME_MS = 2500;
/** How long to wait for the proxy to drop the client by mistake, in ms. */
const DROPPED_MS = 50;
/** How long a program may take to exit after the second SIGTERM, in ms. */
const HURRY_MS = 4000;

/** The upstream's backlog is full when the client connects, and empty again after SIGTERM. */
export async function drainTwice(harness: Harness): Promise<void> {
  if (!canChooseBuffers) return;
  const upstream = await harness.startFullUpstream();
  const program = await harness.startProxy();
  await upstream.fill();
  harness.step("started the proxy again, connected a client while the upstream's queue was full, and sent SIGTERM");
  const pair = await linkedWhileDraining(harness, program, upstream);
  if (pair === undefined) return;
  await exchange(harness, pair, pair.client.name);
  // A third-party proxy may handle a second SIGTERM differently.
  if (harness.settings.program.afterLesson) await expectHurry(harness, program);
}

/** The client that is served although SIGTERM came first; undefined if the check was too slow to demand that. */
async function linkedWhileDraining(
  harness: Harness,
  program: Program,
  upstream: FullUpstream,
): Promise<Pair | undefined> {
  const client = await harness.connect();
  const came = performance.now();
  await harness.settle(program);
  program.askToEnd();
  await expectDoorClosed(harness, program);
  await harness.quiet(DROPPED_MS);
  if (client.end !== 'open') throw dropped(client);
  if (performance.now() - came > IN_TIME_MS) return undefined;
  harness.step('emptied the queue: the handshake succeeds when the kernel repeats it');
  upstream.drain();
  return { client, upstream: await upstream.connection() };
}

function dropped(client: Peer): CheckFailure {
  return new CheckFailure({
    symptom: 'client-dropped',
    expected: `${client.name}, which was connected before SIGTERM, stays and is served`,
    observed: 'its connection was closed',
  });
}

/** The client is still connected, and the program has seen the first signal: it listens no more. */
async function expectHurry(harness: Harness, program: Program): Promise<void> {
  harness.step('sent SIGTERM once more, with that client still connected');
  program.askToEnd();
  await harness.waiting.until(() => program.exit !== undefined, HURRY_MS * harness.waiting.patience, true);
  if (program.exit !== undefined) return;
  throw new CheckFailure({
    symptom: 'not-ended',
    expected: 'the program ends at once when it is asked a second time',
    observed: `it still ran ${harness.waiting.seconds(HURRY_MS)} later`,
  });
}
