import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { isStalled, roundTripMs } from '../round-trip.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';
import { connectAmongOthers } from '../tags.ts';

/**
 * Limits for RLIMIT_NOFILE. A program needs some two dozen descriptors for itself and two for each client: with an even
 * number left, accept() fails; with an odd one, the socket() after it.
 */
const LIMITS = [70, 71];
const CLIENTS = 60;
/** A line each way takes less than 1 ms. A round trip below this, in ms, is no stall. */
const LONG_MS = 300;

export const descriptors: Check = {
  id: 'descriptors',
  title: 'Out of descriptors the proxy sleeps and serves its clients; when some are free, it accepts others',
  todos: ['7.2.1', '7.2.2', '7.2.3', '7.1.1'],
  doc: 'acceptfailed',
  hint: [
    'accept4 says EMFILE. A client is still in the queue. What will epoll_wait say a microsecond later?',
    'The same as before, again and again. Do not listen for a while, and listen again when a pair has ended and given two descriptors back. One client takes two: if accept4 still succeeds and socket() then fails, the client is let go.',
    ['  accept4: EMFILE  ->  watch the listener for nothing', '  a pair ends      ->  watch it for EPOLLIN again'].join(
      '\n',
    ),
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    for (const limit of LIMITS) {
      const program = await harness.startProxy({}, limit);
      const companion = await connectPair(harness, upstream);
      const sockets = program.socketCount() ?? 0;
      harness.step('measured how long a line each way takes a client');
      const before = await roundTripMs(harness, companion, 'before');
      harness.step(`connected a client, and then ${CLIENTS} more, for which there are not enough descriptors`);
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()));
      harness.step('watched how busy the program is');
      await expectSleeping(harness, program);
      await expectServed(harness, companion, before);
      harness.step('let all clients leave but the first');
      for (const client of clients) client.reset();
      await harness.settle(program);
      for (const peer of upstream.connections) if (peer !== companion.upstream) peer.close();
      await expectSocketsGone(harness, program, sockets);
      harness.step('connected one more client, and exchanged a line each way with it and with the first');
      await exchange(harness, await connectAmongOthers(harness, upstream), 'one more client');
      await exchange(harness, companion, companion.client.name);
      harness.expectAlive(program);
      await program.kill();
      companion.upstream.close();
    }
  },
};

/** An accepted client needs no further descriptor, so it must not notice that there are none left. */
async function expectServed(harness: Harness, companion: Pair, before: number): Promise<void> {
  harness.step('exchanged lines with the client that was connected before');
  const ms = await roundTripMs(harness, companion, 'meanwhile');
  if (!isStalled(harness, ms, before, LONG_MS)) return;
  throw new CheckFailure({
    symptom: 'slow',
    expected: 'a line each way takes about as long as ever, for a client that was connected before',
    observed: `it took ${ms.toFixed(0)} ms`,
  });
}
