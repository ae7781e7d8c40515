/** Milestone 9.1, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { splicing } from '../splicing.ts';
import { crowd, endings, pacesDown, pacesUp, roundTrip } from './before.ts';
import { burst, turns } from './burst.ts';
import { earlyBytes } from './early-bytes.ts';
import { lastSegment } from './last-segment.ts';

export const edgeChecks: Check[] = [
  roundTrip,
  earlyBytes,
  burst,
  turns,
  lastSegment,
  pacesDown,
  pacesUp,
  endings,
  crowd,
].map((check) => splicing('off', check));
