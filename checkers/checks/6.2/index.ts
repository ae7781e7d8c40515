/** Milestone 6.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { endings } from './endings.ts';
import { clientReset, upstreamReset } from './resets.ts';
import { slowLastBytes } from './slow-last-bytes.ts';

export const resetChecks: Check[] = [clientReset, upstreamReset, slowLastBytes, endings];
