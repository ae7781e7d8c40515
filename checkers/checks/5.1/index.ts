/** Milestone 5.1, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { earlyBytes } from './early-bytes.ts';
import { roundTrip } from './round-trip.ts';
import { silentUpstream } from './silent-upstream.ts';
import { stalledClient } from './stalled-client.ts';
import { stalledUpstream } from './stalled-upstream.ts';
import { upstreamDown } from './upstream-down.ts';

export const nonBlockingChecks: Check[] = [
  roundTrip,
  upstreamDown,
  silentUpstream,
  earlyBytes,
  stalledClient,
  stalledUpstream,
];
