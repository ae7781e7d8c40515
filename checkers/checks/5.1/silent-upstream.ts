import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** How long to wait for the proxy to block in the handshake, in ms. */
const CAUGHT_MS = 100;

export const silentUpstream: Check = {
  id: 'silent-upstream',
  title: text.checks.stage5.silentUpstreamTitle,
  todos: ['5.1.3', '5.1.1', '5.1.2'],
  doc: 'connectupstream',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startFullUpstream();
    const program = await lab.startProxy();
    lab.step(text.checks.stage5.connectedClientServed);
    const served = { client: await lab.connect(), upstream: await upstream.connection() };
    await exchange(lab, served, 'client 1');
    lab.step(text.checks.stage5.filledQueueThenConnected);
    await upstream.fill();
    const hanging = await lab.connect();
    const broken = await lab.connect();
    await lab.quiet(CAUGHT_MS);
    lab.step(text.checks.stage5.exchangedLineWithFirst);
    await exchange(lab, served, 'client 1 again');
    lab.step(text.checks.stage5.hangingClientLeft);
    hanging.close();
    await exchange(lab, served, 'client 1 once more');
    // epoll reports a broken connection without being asked to, again and again.
    lab.step(text.checks.stage5.otherHangingClientReset);
    broken.reset();
    await expectSleeping(lab, program);
    await exchange(lab, served, 'client 1 at last');
    lab.expectAlive(program);
  },
};
