import type { Check } from '../../check.ts';

/** HAProxy tries three times, a second apart, before it lets go of a client. */
const LET_GO_MS = 6000;

export const upstreamDown: Check = {
  id: 'upstream-down',
  title: 'Without an upstream a client is let go; when it is back, the next one is served',
  todos: ['4.1.5', '4.1.6'],
  doc: 'connectupstream',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const program = await lab.startProxy();
    lab.step('connected a client while nothing listens on the upstream port');
    const early = await lab.connect();
    await early.expectEnd('client-kept', 'when there is no upstream', LET_GO_MS);
    await early.expectSilence(0);
    lab.expectAlive(program);
    lab.step('started the upstream and connected another client');
    const upstream = await lab.startUpstream();
    await lab.connect();
    await upstream.connection(1);
    lab.expectAlive(program);
  },
};
