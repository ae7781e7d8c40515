/** Milestone 5.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { lastBytes } from './last-bytes.ts';
import { otherDirection } from './other-direction.ts';
import { pacesDown, pacesUp } from './paces.ts';
import { roundTripStays } from './round-trip-stays.ts';
import { sleepsWhileBlocked } from './sleeps-while-blocked.ts';
import { takesNoMore } from './takes-no-more.ts';

export const backpressureChecks: Check[] = [
  pacesDown,
  pacesUp,
  otherDirection,
  takesNoMore,
  sleepsWhileBlocked,
  roundTripStays,
  lastBytes,
];
