import type { Check } from '../../harness/check.ts';
import { exchange } from '../pair.ts';

/** More than one buffer of most proxies. */
const EARLY_BYTES = 200_000;
/** How long to wait for the proxy to mishandle them, in ms. */
const WAITING_MS = 100;

export const earlyBytes: Check = {
  id: 'early-bytes',
  title: 'What a client sends before its upstream connection is established arrives later, all of it',
  todos: ['5.1.2', '5.1.4'],
  doc: 'acceptconnection',
  hint: [
    'A client does not wait until you are ready. Where are its bytes while your handshake is still under way?',
    'In the kernel, where they are safe, as long as you do not take them out. Attach the client for nothing (0), and ask for EPOLLIN only when the upstream is connected. If you have taken them, you have to store them in order, and a send on a socket that is not connected takes none.',
    [
      '  // acceptConnection: loopAttach(…, the client, 0)',
      '  // finishConnect:    loopChange(…, the client, EPOLLIN)',
    ].join('\n'),
  ],
  needs: ['round-trip', 'silent-upstream'],
  async run(harness) {
    const upstream = await harness.startFullUpstream();
    const program = await harness.startProxy();
    await upstream.fill();
    harness.step(
      `filled the queue of the upstream, so that it answers no handshake; a client connected and sent ${EARLY_BYTES.toLocaleString('en-US')} bytes`,
    );
    const client = await harness.connect();
    const early = harness.payload('early', EARLY_BYTES);
    const sent = client.send(early);
    await harness.quiet(WAITING_MS);
    harness.expectAlive(program);
    harness.step('emptied the queue: the handshake succeeds when the kernel repeats it');
    upstream.drain();
    const pair = { client, upstream: await upstream.connection() };
    await pair.upstream.expect(early);
    await sent;
    await exchange(harness, pair, 'client 1');
    harness.expectAlive(program);
  },
};
