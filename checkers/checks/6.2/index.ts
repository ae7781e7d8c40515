/** Milestone 6.2, in the order in which a learner meets its checks. */

import type { Check } from '../../lab/check.ts';
import { endings } from './endings.ts';
import { clientReset, upstreamReset } from './resets.ts';
import { slowLastBytes } from './slow-last-bytes.ts';

export const resetChecks: Check[] = [clientReset, upstreamReset, slowLastBytes, endings];
