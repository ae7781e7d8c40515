/** One side finishes, and the other one goes on. */

import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { expectFinished } from './finished.ts';

/** Small enough for the kernel's buffers, so that no bytes have to wait. */
const ANSWER_BYTES = 100_000;
/** How long to wait for the proxy to close a direction by mistake, in ms. */
const QUIET_MS = 150;

/**
 * One side sends a line and finishes; the other side answers long after that, and finishes, too.
 *
 * @param sides the side that finishes first, and the other one
 */
async function finishFirst(harness: Harness, sides: (pair: Pair) => [Peer, Peer]): Promise<void> {
  const upstream = await harness.startUpstream();
  const program = await harness.startProxy();
  const pair = await connectPair(harness, upstream);
  await exchange(harness, pair, 'client 1');
  const [first, second] = sides(pair);
  const question = harness.message(first.name);
  harness.step(`had ${first.name} send a line and finish, which ends one direction (FIN)`);
  await first.send(question);
  first.shutdownWrite();
  await second.expect(question);
  await expectFinished(second);
  await harness.quiet(QUIET_MS);
  harness.step(`had ${second.name} send ${ANSWER_BYTES.toLocaleString('en-US')} bytes after that, and finish, too`);
  const answer = harness.payload(`${second.name} answers`, ANSWER_BYTES);
  await Promise.all([second.send(answer), first.expect(answer)]);
  second.shutdownWrite();
  await expectFinished(first);
  harness.expectAlive(program);
}

export const clientFinishes: Check = {
  id: 'client-finishes',
  title: 'A client finishes sending: the upstream is told, and its answer still arrives',
  todos: ['6.1.3', '6.1.4', '6.1.5', '6.1.1', '6.1.2'],
  doc: 'endstream',
  hint: [
    'The client has said all it wants to say, and waits for the answer. What does your program do with the 0?',
    'It should shut down one direction of the upstream connection and leave all else as it is. If the answer is lost, something was closed. If the upstream never sees an end, your program did not pass it on.',
    ['  // recv says 0: endStream, and the pair lives', '  // endStream: shutdown of the other socket, SHUT_WR'].join(
      '\n',
    ),
  ],
  run: (harness) => finishFirst(harness, ({ client, upstream }) => [client, upstream]),
};

export const upstreamFinishes: Check = {
  id: 'upstream-finishes',
  title: 'The upstream finishes sending: the client is told, and what it sends still arrives',
  todos: ['6.1.4', '6.1.3'],
  doc: 'endstream',
  hint: [
    'The same, the other way round. Where does your program ask which side is the client?',
    'It should not have to. endStream knows a from and a to, and both directions are the same to it.',
    '  shutdown(/* to, client or upstream */, SHUT_WR);',
  ],
  needs: ['client-finishes'],
  run: (harness) => finishFirst(harness, ({ client, upstream }) => [upstream, client]),
};
