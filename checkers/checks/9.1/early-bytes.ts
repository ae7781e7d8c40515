import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectFinished } from '../6.1/finished.ts';

/** Fewer than any buffer holds: the end of the stream is right behind them. */
const EARLY_BYTES = 10_000;
const ANSWER_BYTES = 10_000;
/** How long to wait for the proxy to mishandle them, in ms. */
const WAITING_MS = 100;

export const earlyBytes: Check = {
  id: 'early-bytes',
  title: text.checks.stage9.earlyBytesTitle,
  todos: ['9.1.8', '9.1.2'],
  doc: 'finishconnect',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startFullUpstream();
    const program = await lab.startProxy();
    await upstream.fill();
    lab.step(text.checks.stage9.sentAllBeforeHandshake(EARLY_BYTES.toLocaleString('en-US')));
    const client = await lab.connect();
    const early = lab.payload('early', EARLY_BYTES);
    await client.send(early);
    await client.finish();
    await lab.quiet(WAITING_MS);
    lab.expectAlive(program);
    lab.step(text.checks.stage5.emptiedQueue);
    upstream.drain();
    const peer = await upstream.connection();
    await peer.expect(early);
    await expectFinished(peer);
    const answer = lab.payload('answer', ANSWER_BYTES);
    await Promise.all([peer.send(answer), client.expect(answer)]);
    peer.finish();
    await expectFinished(client);
    lab.expectAlive(program);
  },
};
