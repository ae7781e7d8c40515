import type { Check } from '../../harness/check.ts';

/** How long to wait for an unexpected connection, in ms. A slow machine may miss a bug here, but fails no correct proxy. */
const QUIET_MS = 50;

export const onConnect: Check = {
  id: 'on-connect',
  title: 'A client that connects gets one upstream connection, and none is opened before',
  todos: ['4.1.5', '4.1.6', '4.1.4'],
  doc: 'acceptconnection',
  hint: [
    'Follow one client, which says nothing: which line of yours runs when it connects, and what makes that line run?',
    'The listening socket has to be attached to the loop, or epoll never reports a client. Its event has to carry its own descriptor, or loopRun does not recognise the listening socket. Then one accept and one connect belong together: one upstream connection for one client, opened at that moment, whether or not the client has said a word.',
    [
      '  main:             the socket, the loop, and the one attached to the other',
      '  loopRun:          the listening socket? acceptConnection',
      '  acceptConnection: one accept, then one connectUpstream',
    ].join('\n'),
  ],
  needs: ['listening'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step('connected no client yet');
    await upstream.expectNoMoreThan(0, QUIET_MS, 'before any client has connected');
    harness.expectAlive(program);
    harness.step('connected one client, which sends nothing');
    await harness.connect();
    await upstream.connection(1);
    await Promise.all([upstream.expectNoMoreThan(1, QUIET_MS, 'for one client'), harness.settle(program)]);
  },
};
