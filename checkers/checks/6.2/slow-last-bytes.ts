import type { Check } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import type { Program } from '../../lab/program.ts';
import { text } from '../../messages/index.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, sendUntilLeft } from '../bulk.ts';
import { connectPair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** So much is sent at a time, and at the most: more than the send buffer towards the reader holds. */
const PIECE = 32 * 1024;
const MOST = 32 * MEBIBYTE;

/** Both finish; the reader first, who then takes its time over what the other one has sent. */
async function finishBeforeReading(lab: Lab, program: Program, reader: Peer, sender: Peer): Promise<void> {
  lab.step(text.checks.stage6.finishedAndReadsNothing(reader.name, sender.name));
  reader.finish();
  await expectFinished(sender);
  reader.pause();
  const piece = (index: number): Buffer => lab.payload(`${sender.name} sends, ${index}`, PIECE);
  const pieces = await sendUntilLeft(lab, sender, piece, MOST);
  const sent = sender.finish();
  await expectSleeping(lab, program);
  lab.step(text.checks.stage6.readsOn(reader.name));
  reader.resume(SLOW_PACE);
  for (let index = 0; index < pieces; index += 1) await reader.expect(piece(index));
  await sent;
  await expectFinished(reader);
}

export const slowLastBytes: Check = {
  id: 'slow-last-bytes',
  title: text.checks.stage6.slowLastBytesTitle,
  todos: ['6.2.1', '6.1.6'],
  doc: 'loopdetach',
  needs: ['client-reset'],
  async run(lab) {
    const upstream = await lab.startUpstream(SLOW_BUFFER);
    const program = await lab.startProxy();
    const download = await connectPair(lab, upstream, SLOW_BUFFER);
    await finishBeforeReading(lab, program, download.client, download.upstream);
    const upload = await connectPair(lab, upstream);
    await finishBeforeReading(lab, program, upload.upstream, upload.client);
    lab.expectAlive(program);
  },
};
