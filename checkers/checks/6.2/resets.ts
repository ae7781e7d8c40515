/** One side resets its connection, and the proxy must reset the other one. */
import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import { expectReset, notClosed } from '../6.1/finished.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

const OFFERED = 64 * MEBIBYTE;
/** How long a reset may take, in ms, and how often to look. */
const AT_ONCE_MS = 300;
const END_MS = 3000;
/** How long a pair may stay when one side is gone and the other one sends, in ms: a proxy may check only from time to time. */
const STAYS_MS = 6000;
const LOOK_MS = 20;

/** @param sides the side that resets, and the other one */
async function resetEachTime(harness: Harness, sides: (pair: Pair) => [Peer, Peer]): Promise<void> {
  const upstream = await harness.startUpstream(SLOW_BUFFER);
  const program = await harness.startProxy();
  const next = (): Promise<Pair> => connectPair(harness, upstream, SLOW_BUFFER);
  const quiet = await next();
  await exchange(harness, quiet, quiet.client.name);
  const [first, second] = sides(quiet);
  harness.step(`exchanged a line each way; then ${first.name} reset its connection (RST)`);
  first.reset();
  await expectReset(second);
  const finished = await next();
  await exchange(harness, finished, finished.client.name);
  const [resetting, finishing] = sides(finished);
  harness.step(`exchanged a line each way; the other side finished, then ${resetting.name} reset`);
  finishing.shutdownWrite();
  await resetting.expectEnd('client-not-closed', 'after the other side had finished');
  resetting.reset();
  await expectReset(finishing);
  await resetAfterOwnEnd(harness, program, sides(await next()));
  await resetWhileBytesWait(harness, sides(await next()));
  await exchange(harness, await connectPair(harness, upstream), 'client 5');
  harness.expectAlive(program);
}

/** A side that has finished sending can still reset the connection. A program may notice that only when it sends. */
async function resetAfterOwnEnd(harness: Harness, program: Program, [first, second]: [Peer, Peer]): Promise<void> {
  harness.step(`had ${first.name} finish, and reset once the other side had been told`);
  await first.shutdownWrite();
  await second.expectEnd(notClosed(second), 'after the other side had finished');
  first.reset();
  harness.step('watched how busy the program is');
  await expectSleeping(harness, program);
  harness.step(`had ${second.name}, which could still send, send a line now and then`);
  await sendUntilForgotten(harness, second);
}

/** Sends repeatedly: the first bytes may only trigger the RST that reports the closed peer. */
async function sendUntilForgotten(harness: Harness, peer: Peer): Promise<void> {
  const deadline = performance.now() + STAYS_MS * harness.waiting.patience;
  while (!peer.forgotten && performance.now() < deadline) {
    if (!peer.closed) void peer.send(harness.message(`from ${peer.name}`));
    await harness.quiet(LOOK_MS);
  }
  if (peer.forgotten) return;
  throw new CheckFailure({
    symptom: notClosed(peer),
    expected: `the connection to ${peer.name} ends, since no peer is left for what it sends`,
    observed: `after ${harness.waiting.seconds(STAYS_MS)} it is still open`,
  });
}

/** A reset may discard bytes that still wait for the peer, but the peer must see a reset and not a FIN. */
async function resetWhileBytesWait(harness: Harness, [first, second]: [Peer, Peer]): Promise<void> {
  harness.step(
    `had ${first.name} send to ${second.name}, which reads nothing, until nothing more was taken; then ${first.name} reset`,
  );
  second.pause();
  const piece = harness.payload(`from ${first.name}`, MEBIBYTE);
  await sendUntilBlocked(harness, first, () => piece, OFFERED);
  first.reset();
  if (await isForgotten(harness, second, AT_ONCE_MS)) return;
  // The proxy may deliver the bytes before it resets.
  second.resume();
  if (await isForgotten(harness, second, END_MS * harness.waiting.patience)) return;
  await expectReset(second);
}

async function isForgotten(harness: Harness, peer: Peer, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!peer.forgotten && performance.now() < deadline) await harness.quiet(LOOK_MS);
  return peer.forgotten;
}

export const clientReset: Check = {
  id: 'client-reset',
  title: 'A client resets its connection: the upstream sees a reset, too, and no ordinary end',
  todos: ['6.2.2', '6.1.6'],
  doc: 'resetpair',
  hint: [
    'The client broke off. What would the upstream conclude from an ordinary end?',
    'That the stream is complete. It would take half an order for a whole one. So the upstream connection is reset, too: SO_LINGER with 0 seconds, then close; whether bytes still wait for it or not.',
    ['  // recv or send failed, or EPOLLERR: false', '  // false: resetPair, not closePair'].join('\n'),
  ],
  run: (harness) => resetEachTime(harness, ({ client, upstream }) => [client, upstream]),
};

export const upstreamReset: Check = {
  id: 'upstream-reset',
  title: 'The upstream resets a connection: its client sees a reset, too, and no ordinary end',
  todos: ['6.2.2', '6.1.6'],
  doc: 'resetpair',
  hint: [
    'The upstream broke off in the middle of an answer. What tells the client that it has only a part?',
    'Only the way in which its own connection ends. Both sockets get the option before closePair closes them.',
    '  // resetPair: the option on both, whichever of them broke',
  ],
  needs: ['client-reset'],
  run: (harness) => resetEachTime(harness, ({ client, upstream }) => [upstream, client]),
};
