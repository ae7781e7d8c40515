import type { Check } from '../../check.ts';
import { connectPair, exchange } from '../pair.ts';

/** How long something that nobody sent has to show up, in ms. */
const QUIET_MS = 80;

export const roundTrip: Check = {
  id: 'round-trip',
  title: "A client's message reaches the upstream, and the answer comes back",
  todos: ['4.2.6', '4.2.7', '4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
  doc: 'handleclient',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step('connected a client, sent one line, and answered with another');
    const pair = await connectPair(lab, upstream);
    await exchange(lab, pair, 'client 1');
    lab.step('listened whether anything else comes');
    await pair.client.expectSilence(QUIET_MS);
    await pair.upstream.expectSilence(0);
    lab.expectAlive(program);
  },
};
