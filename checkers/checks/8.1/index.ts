/** Milestone 8.1, its checks in the order of the lesson. All upstreams are up. */
import type { Check } from '../../harness/check.ts';
import { atOnce } from './at-once.ts';
import { fewestOpen } from './fewest-open.ts';
import { inTurn } from './in-turn.ts';
import { status } from './status.ts';

export const sharingChecks: Check[] = [inTurn, atOnce, fewestOpen, status];
