import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const OFFERED = 64 * MEBIBYTE;
const UPLOADED = 4 * MEBIBYTE;

export const otherDirection: Check = {
  id: 'other-direction',
  title: text.checks.stage5.otherDirectionTitle,
  todos: ['5.2.2'],
  doc: 'wantedevents',
  needs: ['paces-down'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.sentToClientThatReadsNothing);
    pair.client.pause();
    const piece = lab.payload('download', MEBIBYTE);
    await sendUntilBlocked(lab, pair.upstream, () => piece, OFFERED);
    lab.step(text.checks.stage5.hadItSend);
    const bytes = lab.payload('upload', UPLOADED);
    await Promise.all([pair.client.send(bytes), pair.upstream.expect(bytes)]);
    lab.expectAlive(program);
  },
};
