import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair } from '../pair.ts';
import { isStalled, roundTripMs } from '../round-trip.ts';

const OFFERED = 64 * MEBIBYTE;
/** A round trip takes less than 1 ms, a little more on a busy machine. A shorter one than this, in ms, is no stall. */
const LONG_MS = 100;

export const roundTripStays: Check = {
  id: 'round-trip-stays',
  title: text.checks.stage5.roundTripStaysTitle,
  todos: ['5.2.2', '5.2.1'],
  doc: 'keeprest',
  needs: ['paces-down', 'takes-no-more'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const stalled = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step(text.checks.stage5.measuredRoundTrip);
    const before = await roundTripMs(lab, other, 'before');
    lab.step(text.checks.stage5.sentFastToStalled);
    stalled.client.pause();
    const piece = lab.payload('download', MEBIBYTE);
    await sendUntilBlocked(lab, stalled.upstream, () => piece, OFFERED);
    const during = await roundTripMs(lab, other, 'during');
    lab.expectAlive(program);
    if (!isStalled(lab, during, before, LONG_MS)) return;
    throw new CheckFailure({
      symptom: 'slow',
      expected: text.checks.stage5.asFastAsBefore(before.toFixed(1)),
      observed: text.checks.stage5.tookWhile(during.toFixed(1)),
    });
  },
};
