import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';

/** More than one buffer of most proxies. */
const EARLY_BYTES = 200_000;
/** How long to wait for the proxy to mishandle them, in ms. */
const WAITING_MS = 100;

export const earlyBytes: Check = {
  id: 'early-bytes',
  title: text.checks.stage5.earlyBytesTitle,
  todos: ['5.1.2', '5.1.4'],
  doc: 'acceptconnection',
  needs: ['round-trip', 'silent-upstream'],
  async run(lab) {
    const upstream = await lab.startFullUpstream();
    const program = await lab.startProxy();
    await upstream.fill();
    lab.step(text.checks.stage5.sentBeforeHandshake(EARLY_BYTES.toLocaleString('en-US')));
    const client = await lab.connect();
    const early = lab.payload('early', EARLY_BYTES);
    const sent = client.send(early);
    await lab.quiet(WAITING_MS);
    lab.expectAlive(program);
    lab.step(text.checks.stage5.emptiedQueue);
    upstream.drain();
    const pair = { client, upstream: await upstream.connection() };
    await pair.upstream.expect(early);
    await sent;
    await exchange(lab, pair, 'client 1');
    lab.expectAlive(program);
  },
};
