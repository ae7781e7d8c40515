/** A client whose upstream has not answered yet when SIGTERM comes, followed by a second SIGTERM. */
import { CheckFailure } from '../../contract/check.ts';
import type { FullUpstream } from '../../lab/full-upstream.ts';
import type { Lab } from '../../lab/lab.ts';
import { canChooseBuffers } from '../../lab/listening-socket.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Program } from '../../lab/program.ts';
import { expectDoorClosed } from '../leaving.ts';
import { exchange, type Pair } from '../pair.ts';

/** The kernel repeats a handshake after 1 s, 3 s and 7 s. If we come later than this, in ms, a correct proxy may give up. */
const IN_TIME_MS = 2500;
/** How long to wait for the proxy to drop the client by mistake, in ms. */
const DROPPED_MS = 50;
/** How long a program may take to exit after the second SIGTERM, in ms. */
const HURRY_MS = 4000;

/** The upstream's backlog is full when the client connects, and empty again after SIGTERM. */
export async function drainTwice(lab: Lab): Promise<void> {
  if (!canChooseBuffers) return;
  const upstream = await lab.startFullUpstream();
  const program = await lab.startProxy();
  await upstream.fill();
  lab.step("started the proxy again, connected a client while the upstream's queue was full, and sent SIGTERM");
  const pair = await linkedWhileDraining(lab, program, upstream);
  if (pair === undefined) return;
  await exchange(lab, pair, pair.client.name);
  // A third-party proxy may handle a second SIGTERM differently.
  if (lab.settings.program.afterLesson) await expectHurry(lab, program);
}

/** The client that is served although SIGTERM came first; undefined if the check was too slow to demand that. */
async function linkedWhileDraining(lab: Lab, program: Program, upstream: FullUpstream): Promise<Pair | undefined> {
  const client = await lab.connect();
  const came = performance.now();
  await lab.settle(program);
  program.askToEnd();
  await expectDoorClosed(lab, program);
  await lab.quiet(DROPPED_MS);
  if (client.end !== 'open') throw dropped(client);
  if (performance.now() - came > IN_TIME_MS) return undefined;
  lab.step('emptied the queue: the handshake succeeds when the kernel repeats it');
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
async function expectHurry(lab: Lab, program: Program): Promise<void> {
  lab.step('sent SIGTERM once more, with that client still connected');
  program.askToEnd();
  await lab.waiting.until(() => program.exit !== undefined, HURRY_MS * lab.waiting.patience, true);
  if (program.exit !== undefined) return;
  throw new CheckFailure({
    symptom: 'not-ended',
    expected: 'the program ends at once when it is asked a second time',
    observed: `it still ran ${lab.waiting.seconds(HURRY_MS)} later`,
  });
}
