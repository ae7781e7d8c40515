import type { Check } from '../../harness/check.ts';

/** HAProxy tries three times, a second apart, before it drops a client. */
const LET_GO_MS = 6000;

export const upstreamDown: Check = {
  id: 'upstream-down',
  title: 'Without an upstream a client is let go; when it is back, the next one is served',
  todos: ['4.1.5', '4.1.6'],
  doc: 'connectupstream',
  hint: [
    "Nothing listens at the upstream's port when this client comes. What does connect answer, and what does your code do with this client then?",
    "A refused connect is normal: close the client, so that it does not wait in vain, and go on to serve the next one. Two sockets have to be given back: the client's, and the one that did not get connected. A new attempt takes a new socket.",
    [
      '  in connectUpstream:  connect failed -> close what you made, answer -1',
      '  in acceptConnection: -1 -> close the client, return',
      '  in neither:          die, or a row for a pair that never was',
    ].join('\n'),
  ],
  needs: ['listening', 'on-connect'],
  async run(harness) {
    const program = await harness.startProxy();
    harness.step('connected a client while nothing listens on the upstream port');
    const early = await harness.connect();
    await early.expectEnd('client-kept', 'when there is no upstream', LET_GO_MS);
    await early.expectSilence(0);
    harness.expectAlive(program);
    harness.step('started the upstream and connected another client');
    const upstream = await harness.startUpstream();
    await harness.connect();
    await upstream.connection(1);
    harness.expectAlive(program);
  },
};
