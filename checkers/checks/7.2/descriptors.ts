import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage7.descriptorsTitle,
  todos: ['7.2.1', '7.2.2', '7.2.3', '7.1.1'],
  doc: 'acceptfailed',
  async run(lab) {
    const upstream = await lab.startUpstream();
    for (const limit of LIMITS) {
      const program = await lab.startProxy({}, limit);
      const companion = await connectPair(lab, upstream);
      const sockets = program.socketCount() ?? 0;
      lab.step(text.checks.stage5.measuredRoundTrip);
      const before = await roundTripMs(lab, companion, 'before');
      lab.step(text.checks.stage7.moreClientsThanDescriptors(CLIENTS));
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
      lab.step(text.checks.stage7.watchedHowBusy);
      await expectSleeping(lab, program);
      await expectServed(lab, companion, before);
      lab.step(text.checks.stage7.allLeft);
      for (const client of clients) client.reset();
      await lab.settle(program);
      for (const peer of upstream.connections) if (peer !== companion.upstream) peer.close();
      await expectSocketsGone(lab, program, sockets);
      lab.step(text.checks.stage7.connectedOneMore);
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
  lab.step(text.checks.stage7.exchangedMeanwhile);
  const ms = await roundTripMs(lab, companion, 'meanwhile');
  if (!isStalled(lab, ms, before, LONG_MS)) return;
  throw new CheckFailure({
    symptom: 'slow',
    expected: text.checks.stage7.servedAsBefore,
    observed: text.checks.stage7.tookSoLong(ms.toFixed(0)),
  });
}
