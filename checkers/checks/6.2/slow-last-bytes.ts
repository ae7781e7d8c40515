import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE } from '../bulk.ts';
import { connectPair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** More than the send buffer towards the client holds, and little enough to reach the proxy's kernel with its end. */
const ANSWER = 5 * MEBIBYTE;

export const slowLastBytes: Check = {
  id: 'slow-last-bytes',
  title: text.checks.stage6.slowLastBytesTitle,
  todos: ['6.2.1', '6.1.6'],
  doc: 'loopdetach',
  needs: ['client-reset'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage6.clientFinishedAndReadsNothing);
    pair.client.finish();
    await expectFinished(pair.upstream);
    pair.client.pause();
    const bytes = lab.payload('answer', ANSWER);
    const sent = pair.upstream.send(bytes).then(() => pair.upstream.finish());
    await expectSleeping(lab, program);
    lab.step(text.checks.stage6.clientReadsOn);
    pair.client.resume(SLOW_PACE);
    await pair.client.expect(bytes);
    await sent;
    await expectFinished(pair.client);
    lab.expectAlive(program);
  },
};
