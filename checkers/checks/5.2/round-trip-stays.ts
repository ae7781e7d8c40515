import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair } from '../pair.ts';
import { isStalled, roundTripMs } from '../round-trip.ts';

const OFFERED = 64 * MEBIBYTE;
/** A round trip takes less than 1 ms, a little more on a busy machine. A shorter one than this, in ms, is no stall. */
const LONG_MS = 100;

export const roundTripStays: Check = {
  id: 'round-trip-stays',
  title: "With a stalled reader and a fast sender beside it, another client's round trip stays as it was",
  todos: ['5.2.2', '5.2.1'],
  doc: 'keeprest',
  hint: [
    'What does your program do in a round of its loop in which nothing can be sent?',
    'It should do nothing, in no time: go back to epoll_wait. A pause, a blind retry, or a loop over all that waits makes every other client wait, too.',
    '  // no sleeping, no polling: epoll_wait is the only call that waits',
  ],
  needs: ['paces-down', 'takes-no-more'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const other = await connectPair(harness, upstream);
    const stalled = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step('measured how long a line each way takes a client');
    const before = await roundTripMs(harness, other, 'before');
    harness.step('sent to another client, which reads nothing, until no more was taken; measured again');
    stalled.client.pause();
    const piece = harness.payload('download', MEBIBYTE);
    await sendUntilBlocked(harness, stalled.upstream, () => piece, OFFERED);
    const during = await roundTripMs(harness, other, 'during');
    harness.expectAlive(program);
    if (!isStalled(harness, during, before, LONG_MS)) return;
    throw new CheckFailure({
      symptom: 'slow',
      expected: `a line each way takes about as long as before: ${before.toFixed(1)} ms`,
      observed: `it took ${during.toFixed(1)} ms while another client did not read`,
    });
  },
};
