import type { Check } from '../../harness/check.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE, sendUntilLeft } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const MEBIBYTES = 6;
/** Bytes that follow it to a peer that does not read: per send, and the most in all. */
const PIECE = 256 * 1024;
const MOST = 48 * MEBIBYTE;

export const finishBehindBulk: Check = {
  id: 'finish-behind-bulk',
  title: 'A stream ends right after many bytes: all of them arrive, and then the end',
  todos: ['9.2.3', '9.2.5'],
  doc: 'movepages',
  hint: [
    'What does splice return at the end of a stream?',
    '0, as recv does. You read on only when the pipe is empty, so all bytes have gone before: pass the end on then. EPOLLRDHUP comes earlier, while the pipe may still be full: it is a reason to look, not an end.',
    '  // 0 or -1: nothingRead knows what to do',
  ],
  needs: ['bulk'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const { client, upstream: peer } = await connectPair(harness, upstream);
    for (const [from, to] of [
      [client, peer],
      [peer, client],
    ] as const) {
      harness.step(`${from.name} sent ${MEBIBYTES} MiB`);
      const bytes = harness.payload(`all of ${from.name}`, MEBIBYTES * MEBIBYTE);
      await Promise.all([from.send(bytes), to.expect(bytes)]);
      harness.step(
        `${from.name} sent on, while ${to.name} read nothing, until the proxy left some of it unread, and finished; then ${to.name} read all`,
      );
      to.pause();
      const piece = (index: number): Buffer => harness.payload(`more of ${from.name}, ${index}`, PIECE);
      const pieces = await sendUntilLeft(harness, from, piece, MOST);
      const finished = from.shutdownWrite();
      to.resume();
      for (let index = 0; index < pieces; index += 1) await to.expect(piece(index));
      await finished;
      await expectFinished(to);
    }
    harness.expectAlive(program);
  },
};
