import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, sendUntilLeft } from '../bulk.ts';
import { connectPair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** So much is sent at a time, and at the most: more than the send buffer towards the client holds. */
const PIECE = 32 * 1024;
const MOST = 32 * MEBIBYTE;

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
    const piece = (index: number): Buffer => lab.payload(`answer, ${index}`, PIECE);
    const pieces = await sendUntilLeft(lab, pair.upstream, piece, MOST);
    const sent = pair.upstream.finish();
    await expectSleeping(lab, program);
    lab.step(text.checks.stage6.clientReadsOn);
    pair.client.resume(SLOW_PACE);
    for (let index = 0; index < pieces; index += 1) await pair.client.expect(piece(index));
    await sent;
    await expectFinished(pair.client);
    lab.expectAlive(program);
  },
};
