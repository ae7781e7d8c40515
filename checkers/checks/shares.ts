/** Several upstreams: which of them each client reached. */
import { CheckFailure } from '../contract/check.ts';
import { type Harness, LETTERS, type Letter } from '../harness/harness.ts';
import type { Peer } from '../harness/peer.ts';
import type { Program } from '../harness/program.ts';
import type { Upstream } from '../harness/upstream.ts';
import type { Pair } from './pair.ts';

/** Proxies that retry a dead upstream before they pass it over take up to a second for each. */
const LINK_MS = 6000;

/** The running upstreams, by their letters. */
export type Upstreams = Partial<Record<Letter, Upstream>>;

/** A pair, and the upstream that accepted its connection. */
export interface Placed extends Pair {
  at: Letter;
}

/** Starts these upstreams, or all three. */
export async function startUpstreams(harness: Harness, letters: readonly Letter[] = LETTERS): Promise<Upstreams> {
  const started: Upstreams = {};
  for (const letter of letters) started[letter] = await harness.startUpstreamAt(letter);
  return started;
}

/** Each of two upstreams has had its turn, and the dead one between them, too. */
const BEFORE = 3;

/** Starts upstreams A and C and the proxy, lets it meet the dead upstream B, and then starts that, too. */
export async function startWithLateB(
  harness: Harness,
  retryAfterMs: number,
): Promise<{ program: Program; all: Upstreams }> {
  const upstreams = await startUpstreams(harness, ['A', 'C']);
  harness.step('left out upstream B: its port refuses connections');
  const program = await harness.startProxy({ RETRY_AFTER_MS: `${retryAfterMs}` });
  harness.step(`connected ${BEFORE} clients, one after the other, and kept them all`);
  await connectInARow(harness, upstreams, BEFORE);
  harness.step('started upstream B');
  return { program, all: { ...upstreams, ...(await startUpstreams(harness, ['B'])) } };
}

/** How many connections each has accepted in all. */
export function counts(upstreams: Upstreams): number[] {
  return LETTERS.map((letter) => upstreams[letter]?.connections.length ?? 0);
}

/** The same in words: '2 at A, 1 at B, none at C'. */
export function countsInWords(counted: number[]): string {
  return countsAt(counted.map((count, place) => [count, LETTERS[place] ?? '']));
}

/**
 * Connects a client and waits until one of the upstreams has it. Only while no other client connects.
 *
 * @param receiveBuffer of the client, in bytes; undefined: the system's default
 * @throws CheckFailure when no upstream gets it
 */
export async function connectAmong(harness: Harness, upstreams: Upstreams, receiveBuffer?: number): Promise<Placed> {
  const before = counts(upstreams);
  const client = await harness.connect(receiveBuffer);
  const found = (): Letter | undefined => LETTERS.find((_, place) => grown(counts(upstreams), before, place));
  const waited = await harness.waiting.soon(() => found() !== undefined || client.end !== 'open', LINK_MS);
  // A new connection and the end of another may arrive in the same turn.
  if (found() === undefined && waited === 'yes') await harness.waiting.until(() => found() !== undefined, SAME_TURN_MS);
  const at = found();
  const upstream = at && upstreams[at]?.connections.at(-1);
  if (at === undefined || upstream === undefined) throw notLinked(harness, client, waited === 'stopped');
  return { client, upstream, at };
}

const SAME_TURN_MS = 20;

function grown(now: number[], before: number[], place: number): boolean {
  return (now[place] ?? 0) > (before[place] ?? 0);
}

function notLinked(harness: Harness, client: Peer, stopped: boolean): CheckFailure {
  const closed = client.end !== 'open';
  return new CheckFailure({
    symptom: stopped ? 'stopped' : closed ? 'client-dropped' : 'no-upstream-connection',
    expected: `${client.name} is linked to one of the upstreams`,
    observed: stopped
      ? 'the program stopped'
      : closed
        ? "none of them accepted a connection, and the client's was closed"
        : `none of them accepted a connection within ${harness.waiting.seconds(LINK_MS)}`,
  });
}

/** Connects clients one after the other, and keeps them all. */
export async function connectInARow(harness: Harness, upstreams: Upstreams, clients: number): Promise<Placed[]> {
  const placed: Placed[] = [];
  while (placed.length < clients) placed.push(await connectAmong(harness, upstreams));
  return placed;
}

/** Fails the check because clients reached the wrong upstreams. */
export function sharedOtherwise(placed: Placed[], expected: string): CheckFailure {
  return new CheckFailure({
    symptom: 'unevenly-shared',
    expected,
    observed: `they went to ${placed.map(({ at }) => at).join(' ')}`,
  });
}

/** Resets the clients of these pairs, and waits until the proxy has closed all of them. */
export async function vanish(harness: Harness, ...pairs: Pair[]): Promise<void> {
  for (const pair of pairs) await hurryOff(pair);
  if (harness.program !== undefined) await harness.settle(harness.program);
}

/** Resets the client of a pair and waits for the end of its upstream connection; the proxy may still be counting. */
export async function hurryOff({ client, upstream }: Pair): Promise<void> {
  client.reset();
  await upstream.expectEnd('upstream-not-closed', 'when its client vanished');
  if (!upstream.closed) upstream.close();
}

function countsAt(counts: [count: number, letter: string][]): string {
  return counts.map(([count, letter]) => `${count} at ${letter}`).join(', ');
}
