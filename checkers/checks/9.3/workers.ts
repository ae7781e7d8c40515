/** A proxy of several processes, and crowds of clients that the kernel spreads over them. */
import { CheckFailure } from '../../contract/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Program } from '../../harness/program.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { listeningSockets, livingProcesses } from '../../harness/workers.ts';
import { exchange, type Pair } from '../pair.ts';
import { gather, pairByTags } from '../tags.ts';

export const WORKERS = 2;
/** Enough clients: the chance that all go to the same of two processes is 1 in 10^12. */
export const CLIENTS = 40;

/** How long the others may take to listen, or to end, in ms. */
const START_MS = 5000;
const END_MS = 4000;
const LOOK_MS = 20;

/** Starts the proxy as several processes, and waits for each to listen; if some never do, a later step fails. */
export async function startWorkers(harness: Harness): Promise<Program> {
  const program = await harness.startProxy({ WORKERS: String(WORKERS) });
  const deadline = performance.now() + START_MS * harness.waiting.patience;
  while (performance.now() < deadline && isStarting(harness, program)) await harness.quiet(LOOK_MS);
  harness.expectAlive(program);
  return program;
}

/** A third-party program may be a single process with threads, so only programs of the course are waited for. */
function isStarting(harness: Harness, program: Program): boolean {
  return harness.settings.program.afterLesson === true && listeningSockets(program) < WORKERS;
}

/** Connects a crowd, and finds the upstream connection of each client. */
export async function gatherPairs(harness: Harness, upstream: Upstream): Promise<Pair[]> {
  const before = upstream.connections.length;
  const clients = await gather(harness, upstream, CLIENTS, CLIENTS);
  return pairByTags(harness, clients, upstream.connections.slice(before));
}

/** Exchanges a line each way, for each pair. */
export async function exchangeAll(harness: Harness, pairs: Pair[], label: string): Promise<void> {
  for (const pair of pairs) await exchange(harness, pair, `${pair.client.name}, ${label}`);
}

/** The clients close, one after the other, and so do their upstream connections. */
export async function leaveAll(pairs: Pair[]): Promise<void> {
  for (const { client, upstream } of pairs) {
    client.close();
    await upstream.expectEnd('upstream-not-closed', 'after its client left');
    upstream.close();
  }
}

/** Waits until no process of the program is left. */
export async function expectNoProcess(harness: Harness, program: Program): Promise<void> {
  const deadline = performance.now() + END_MS * harness.waiting.patience;
  while (livingProcesses(program).length > 0 && performance.now() < deadline) {
    await harness.waiting.until(() => false, LOOK_MS, true);
  }
  const left = livingProcesses(program).length;
  if (left === 0) return;
  throw new CheckFailure({
    symptom: 'not-ended',
    expected: 'no process of the proxy is left after the last client',
    observed: `${left === 1 ? 'one process' : `${left} processes`} still ran ${harness.waiting.seconds(END_MS)} later`,
  });
}
