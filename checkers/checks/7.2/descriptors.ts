import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { expectSocketsGone } from '../6.1/gone.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { isStalled, roundTripMs } from '../round-trip.ts';
import { expectSleeping } from '../sleeping.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    for (const limit of LIMITS) {
      const program = await lab.startProxy({}, limit);
      const companion = await connectPair(lab, upstream);
      const sockets = program.socketCount() ?? 0;
      lab.step('measured how long a line each way takes a client');
      const before = await roundTripMs(lab, companion, 'before');
      lab.step(`connected a client, and then ${CLIENTS} more, for which there are not enough descriptors`);
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
      lab.step('watched how busy the program is');
      await expectSleeping(lab, program);
      await expectServed(lab, companion, before);
      lab.step('let all clients leave but the first');
      for (const client of clients) client.reset();
      await lab.settle(program);
      for (const peer of upstream.connections) if (peer !== companion.upstream) peer.close();
      await expectSocketsGone(lab, program, sockets);
      lab.step('connected one more client, and exchanged a line each way with it and with the first');
      await exchange(lab, await connectAmongOthers(lab, upstream), 'one more client');
      await exchange(lab, companion, companion.client.name);
      lab.expectAlive(program);
      await program.kill();
      companion.upstream.close();
    }
  },
};

/** An accepted client needs no further descriptor, so it must not notice that there are none left. */
async function expectServed(lab: Lab, companion: Pair, before: number): Promise<void> {
  lab.step('exchanged lines with the client that was connected before');
  const ms = await roundTripMs(lab, companion, 'meanwhile');
  if (!isStalled(lab, ms, before, LONG_MS)) return;
  throw new CheckFailure({
    symptom: 'slow',
    expected: 'a line each way takes about as long as ever, for a client that was connected before',
    observed: `it took ${ms.toFixed(0)} ms`,
  });
}
